package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.LegsRow;
import java.util.List;
import java.util.function.ToLongFunction;

/** Whether proxies' own counters tell the same as their logs, the clients and the pods. */
public final class ProxyCountFinding implements FindingSource {
  private static final int LISTED = 6;

  @Override
  public List<Finding> of(Analysis run) {
    List<LegsRow> held = run.middle().legs().stream().filter(l -> l.comparedCount() > 0).toList();
    if (held.isEmpty()) {
      return List.of();
    }
    List<LegsRow> differ = held.stream().filter(l -> l.differCount() > 0).toList();
    return List.of(differ.isEmpty() ? agree(held) : differ(run, held, differ));
  }

  private static long sum(List<LegsRow> rows, ToLongFunction<LegsRow> count) {
    return rows.stream().mapToLong(count).sum();
  }

  private static Finding agree(List<LegsRow> held) {
    return Rank.WITNESSES.finding(
        "proxy-counts",
        Tone.GOOD,
        Sentence.of(
                """
                Proxies' own counters were held against their logs, the clients and the pods in
                {compared} of {cells}: none differs by more than can be explained.
                """)
            .with("compared", sum(held, LegsRow::comparedCount), "comparison")
            .with("cells", held.size(), "cell"),
        evidence(held));
  }

  private static Finding differ(Analysis run, List<LegsRow> held, List<LegsRow> differ) {
    List<CellResults> cells =
        differ.stream().flatMap(l -> run.results().cell(l.cellId()).stream()).toList();
    return Rank.WITNESSES_DIFFER.finding(
        "proxy-counts",
        Tone.BAD,
        Sentence.of(
                """
                Proxies' own counters differ from their logs, the clients or the pods in {differ} of
                {compared}, by more than can be explained: {cells}.
                """)
            .with("differ", sum(differ, LegsRow::differCount))
            .with("compared", sum(held, LegsRow::comparedCount), "comparison")
            .withSome(
                "cells",
                cells.stream().map(c -> Sentence.of("{cell}").with("cell", c)).toList(),
                LISTED),
        evidence(held).at(CellLink.to(cells.getFirst())));
  }

  private static Evidence evidence(List<LegsRow> held) {
    return Evidence.of(
        "proxy_counts.csv",
        "counter_count, least_count, most_count, agreement",
        "counters.csv against proxied.csv, connections.csv and echo.csv of each repetition; requests"
            + " without a reply, what was refused or tried again, and pods that came, went or were"
            + " struck explain a difference",
        Numbers.counted(sum(held, LegsRow::comparedCount), "comparison"));
  }
}
