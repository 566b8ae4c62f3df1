package dev.conntrail.analysis;

import dev.conntrail.spec.Cell;
import dev.conntrail.spec.PodChoice;
import java.util.Optional;

/** What keeps a cell from being judged by where its connections land: of plans and of runs. */
public enum Hindrance {
  EVENTS("events", "events happened meanwhile"),
  PODS_LOST("pods lost", "no repetition of theirs has counts of all its pods"),
  ONE_POD("one pod", "there is one pod to go to"),
  ONE_EACH("one pod a zone", "there is one pod in each client's zone"),
  BALANCED("client balances", "their clients balance for themselves"),
  PROXIED("proxy balances", "a proxy balances for their clients"),
  OTHER_LAW("another law", "their settings make the law another"),
  NO_LEDGER("no ledger", "connections.csv has no connection of theirs");

  private final String brief;
  private final String words;

  Hindrance(String brief, String words) {
    this.brief = brief;
    this.words = words;
  }

  /** In two or three words. */
  public String brief() {
    return brief;
  }

  /** As a reason, of cells that were measured. */
  public String words() {
    return words;
  }

  /**
   * That of a cell that is not judged, as far as its set-up has one; what else hinders is only seen
   * when it was measured.
   */
  public static Optional<Hindrance> of(Cell cell) {
    if (!cell.course().events().isEmpty()) {
      return Optional.of(EVENTS);
    }
    if (cell.pods() == 1) {
      return Optional.of(ONE_POD);
    }
    if (cell.choice() == PodChoice.CLIENT_BALANCED) {
      return Optional.of(BALANCED);
    }
    if (cell.choice() == PodChoice.PROXY) {
      return Optional.of(PROXIED);
    }
    if (cell.otherLaw()) {
      return Optional.of(OTHER_LAW);
    }
    return cell.choice() == PodChoice.ZONE_DRAW ? Optional.of(ONE_EACH) : Optional.empty();
  }
}
