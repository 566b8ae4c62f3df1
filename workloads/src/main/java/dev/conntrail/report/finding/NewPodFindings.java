package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.around.Around;
import dev.conntrail.report.block.Finding;
import dev.conntrail.result.row.NewPodRow;
import java.util.List;
import java.util.Optional;

/** Whether pods that joined got connections, when, and whether any was older than they. */
final class NewPodFindings implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    Around around = run.around();
    return Occurrences.of(run, o -> leadsToPods(o) && !Seen.of(around, o).newPods().isEmpty())
        .stream()
        .map(group -> finding(around, group))
        .toList();
  }

  /** Behind a proxy no client has a connection to a pod. */
  private static boolean leadsToPods(Occurrence o) {
    return o.cell().cell().route().pins();
  }

  private static Finding finding(Around around, Occurrences group) {
    return group.finding(
        Rank.NEW_PODS,
        "new-pods",
        group.sentence("Pods that joined ({where}): {each}.", o -> each(around, o)),
        group.evidence(
            "new_pods.csv, events.csv",
            "first_connection_after_ms, connections_count, older_connections_count",
            "pods of all repetitions; times after the event's first step, lowest to highest; older:"
                + " begun before the first node's rules had the pod"));
  }

  private static Sentence each(Around around, Occurrence o) {
    List<NewPodRow> pods = Seen.of(around, o).newPods();
    long got = pods.stream().filter(p -> !Double.isNaN(p.firstConnectionAfterMs())).count();
    long connections = pods.stream().mapToLong(NewPodRow::connectionsCount).sum();
    return o.sentence(": {got} of {pods} got a connection{first}{older}")
        .with("got", got)
        .with("pods", pods.size())
        .with(
            "first",
            Span.of(pods, NewPodRow::firstConnectionAfterMs)
                .map(after -> Sentence.of(", the first after {after}").withMillis("after", after)))
        .with(
            "older",
            Optional.of(
                    Sentence.of(", and {n} of their {connections} connections were older than they")
                        .withAny(
                            "n", pods.stream().mapToLong(NewPodRow::olderConnectionsCount).sum())
                        .with("connections", connections))
                .filter(_ -> connections > 0));
  }
}
