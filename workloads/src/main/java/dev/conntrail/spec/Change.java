package dev.conntrail.spec;

import java.util.List;
import java.util.stream.Stream;

/**
 * What somebody has to change for a cure.
 *
 * @param who has to
 * @param what it is
 */
public record Change(Who who, String what) {
  /**
   * What a cell takes that is against imbalance: its cure, and ipvs with a scheduler of its own.
   */
  public static List<Change> ofCure(Cell cell) {
    return Stream.concat(
            cell.plane().otherScheduler().stream()
                .map(_ -> new Change(Who.CLUSTER, "kube-proxy's mode and scheduler")),
            cell.cure().changes().stream())
        .toList();
  }

  /** The same, and what it does that a client notices a silent pod. */
  public static List<Change> of(Cell cell) {
    return Stream.of(
            ofCure(cell).stream(),
            cell.keepAlive().change().stream(),
            cell.find(Setting.TCP_RETRIES).stream()
                .map(_ -> new Change(Who.CLUSTER, "how often client pods send data again")))
        .flatMap(s -> s)
        .toList();
  }

  /** Whose code or set-up it is. */
  public enum Who implements Named {
    /** Who calls the Service. */
    CLIENT("client code"),
    /** Who serves it. */
    SERVER("server code"),
    /** Who runs both. */
    CLUSTER("cluster");

    private final String word;

    Who(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }
}
