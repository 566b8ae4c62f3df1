package dev.conntrail.analysis;

import dev.conntrail.analysis.KernelTable.End;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EchoCount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A connection as who opened it and who took it have it.
 *
 * @param end what tells it from others; several may have had it one after the other
 * @param mine of the ledger
 * @param theirs counted by who took it
 * @param last whether it is the last of its end, which the kernel's table knows
 */
record Pair(End end, Optional<ConnectionRow> mine, Optional<EchoCount> theirs, boolean last) {
  /** All connections of one end; without a row the kernel alone knows of one. */
  static List<Pair> of(End end, List<ConnectionRow> mine, List<EchoCount> theirs) {
    List<Pair> pairs = new ArrayList<>();
    List<EchoCount> left = new ArrayList<>(theirs);
    for (int i = 0; i < mine.size(); i++) {
      Optional<EchoCount> partner = partner(mine.get(i), left);
      pairs.add(new Pair(end, Optional.of(mine.get(i)), partner, i == mine.size() - 1));
    }
    left.forEach(t -> pairs.add(new Pair(end, Optional.empty(), Optional.of(t), mine.isEmpty())));
    if (pairs.isEmpty()) {
      pairs.add(new Pair(end, Optional.empty(), Optional.empty(), true));
    }
    return pairs;
  }

  /** The pod's row that fits best, taken from those that are left. */
  private static Optional<EchoCount> partner(ConnectionRow mine, List<EchoCount> left) {
    Optional<EchoCount> best =
        left.stream()
            .min(
                Comparator.comparing((EchoCount t) -> !Optional.of(t.pod()).equals(mine.pod()))
                    .thenComparing(t -> t.requestsCount() != mine.requestsCount())
                    .thenComparing(t -> !Closings.agree(mine, t)));
    best.ifPresent(left::remove);
    return best;
  }

  /**
   * How many requests without a reply would explain that its ends differ: as many as the pod served
   * more than the client has replies to; one, where a client does not know a connection on which
   * nothing was asked, for it gave it up as the pod took it. None where no such request could.
   */
  long unanswered() {
    if (theirs.isEmpty()) {
      return 0;
    }
    long counted = theirs.get().requestsCount();
    return mine.map(m -> Math.max(0, counted - m.requestsCount())).orElse(counted == 0 ? 1L : 0L);
  }
}
