package dev.conntrail.analysis.around;

import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.NewPodRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What pods got that joined. */
final class NewPods {
  /** A pod has its fair share from this part of an equal share on. */
  static final double SHARE = 0.8;

  private NewPods() {}

  /** A row for each pod that joined. */
  static List<NewPodRow> of(Watched seen, Happened h) {
    List<NewPodRow> rows = new ArrayList<>();
    for (EventRow step : h.steps()) {
      if (step.adds()) {
        step.pods().forEach(pod -> rows.add(row(seen, h, step, pod)));
      }
    }
    return rows;
  }

  private static NewPodRow row(Watched seen, Happened h, EventRow step, String pod) {
    List<ConnectionRow> own =
        seen.ledger().stream().filter(c -> c.pod().equals(Optional.of(pod))).toList();
    List<ConnectionRow> since =
        own.stream()
            .filter(c -> c.begunMs() >= step.begunMs() && c.bornMs() <= seen.endMs())
            .toList();
    return new NewPodRow(
        seen.repetition().summary().at(),
        h.event(),
        h.askedMs(),
        pod,
        step.doneMs() - h.fromMs(),
        seen.endMs() - h.fromMs(),
        since.stream().mapToDouble(ConnectionRow::bornMs).min().orElse(Double.NaN) - h.fromMs(),
        shareOfConnections(seen, step, pod) - h.fromMs(),
        shareOfRequests(seen, step, pod) - h.fromMs(),
        own.size(),
        own.stream().filter(c -> c.begunMs() < step.begunMs()).count(),
        own.stream().mapToLong(ConnectionRow::requestsCount).sum());
  }

  /** Connections that began since all nodes had it, as they came: the first has no equal share. */
  private static double shareOfConnections(Watched seen, EventRow step, String pod) {
    List<ConnectionRow> later =
        seen.ledger().stream()
            .filter(c -> c.begunMs() > step.doneMs() && c.bornMs() <= seen.endMs())
            .filter(c -> c.pod().isPresent())
            .sorted(Comparator.comparingDouble(ConnectionRow::bornMs))
            .toList();
    long own = 0;
    for (int i = 0; i < later.size(); i++) {
      ConnectionRow c = later.get(i);
      own += c.pod().orElseThrow().equals(pod) ? 1 : 0;
      int pods = seen.endpoints(c.bornMs()).size();
      int all = i + 1;
      if (all >= pods && own * pods >= SHARE * all) {
        return c.bornMs();
      }
    }
    return Double.NaN;
  }

  private static double shareOfRequests(Watched seen, EventRow step, String pod) {
    int last = Watched.bin(seen.endMs());
    for (int i = Watched.binFrom(step.doneMs()); i + Watched.SECOND <= last; i++) {
      long own = seen.answered(pod, i, i + Watched.SECOND);
      long all = seen.answered(i, i + Watched.SECOND);
      int pods = seen.endpoints(Watched.ms(i)).size();
      if (own > 0 && own * pods >= SHARE * all) {
        return Watched.ms(i);
      }
    }
    return Double.NaN;
  }
}
