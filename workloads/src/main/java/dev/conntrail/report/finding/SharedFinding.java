package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.Pooling;
import java.util.List;
import java.util.Map;

/**
 * What callers get that share one client object: connections opened, pods on which these landed
 * (whoever saw it: reply, pod or kernel), and pods that got requests.
 */
final class SharedFinding implements FindingSource {
  private static final int LISTED = 6;

  @Override
  public List<Finding> of(Analysis run) {
    List<CellResults> cells =
        run.results().measured().stream()
            .filter(c -> c.cell().pooling() == Pooling.SHARED)
            .filter(c -> c.repetitions().stream().anyMatch(r -> !r.pods().isEmpty()))
            .toList();
    return cells.isEmpty() ? List.of() : List.of(finding(cells, run.results().connectionsByCell()));
  }

  private static Finding finding(List<CellResults> cells, Map<CellId, List<ConnectionRow>> ledger) {
    return Rank.SHARED_CLIENT.finding(
        "shared-clients",
        Tone.PLAIN,
        Sentence.of("Callers that share one client object sent their requests to {pods}: {each}.")
            .with("pods", pods(cells))
            .withSome(
                "each",
                cells.stream().map(c -> each(c, ledger.getOrDefault(c.id(), List.of()))).toList(),
                LISTED),
        Evidence.of(
                "summary.csv, distribution.csv, connections.csv",
                "connections_opened_count, pods_reached_count; requests_count; pod",
                "lowest to highest over repetitions; at least: the ledger does not know the pod of"
                    + " every connection",
                Numbers.counted(
                    cells.stream().mapToInt(c -> c.repetitions().size()).sum(), "repetition"))
            .at(CellLink.to(cells.getFirst())));
  }

  /** {@code 1 to 3 of 10 pods}. */
  private static Sentence pods(List<CellResults> cells) {
    List<RepetitionResults> all = cells.stream().flatMap(c -> counted(c).stream()).toList();
    Span used = Span.of(all, SharedFinding::used).orElseThrow();
    Span pods = Span.of(cells, c -> c.cell().pods()).orElseThrow();
    return Sentence.of("{used} of {pods} pods").with("used", used).with("pods", pods);
  }

  /** Repetitions of which the pods' counts are known. */
  private static List<RepetitionResults> counted(CellResults cell) {
    return cell.repetitions().stream().filter(r -> !r.pods().isEmpty()).toList();
  }

  private static long used(RepetitionResults r) {
    return r.pods().stream().filter(p -> p.requestsCount() > 0).count();
  }

  private static Sentence each(CellResults cell, List<ConnectionRow> ledger) {
    boolean known = !ledger.isEmpty() && ledger.stream().allMatch(c -> c.pod().isPresent());
    Span opened =
        Span.of(cell.repetitions(), r -> r.summary().connections().openedCount()).orElseThrow();
    return Sentence.of(
            """
            {variant}, {protocol}: {callers} opened {opened} on {least}{landed} of {pods}, requests
            went to {used}
            """)
        .with("variant", cell, cell.cell().variant().text())
        .with("protocol", cell.cell().protocol().word())
        .with("callers", cell.cell().connections(), "caller")
        .with("opened", opened, "connection")
        .with("least", known ? "" : "at least ")
        .with(
            "landed",
            Span.of(cell.repetitions(), r -> r.summary().podsReachedCount()).orElseThrow())
        .with("pods", cell.cell().pods(), "pod")
        .with("used", Span.of(counted(cell), SharedFinding::used).orElseThrow());
  }
}
