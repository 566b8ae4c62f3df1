package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.spec.CellId;
import java.util.List;
import java.util.Map;

/** Whether connections had all their replies from one pod. */
final class StayingFinding implements FindingSource {
  private static final int LISTED = 6;

  @Override
  public List<Finding> of(Analysis run) {
    Map<CellId, List<ConnectionRow>> ledger = run.results().connectionsByCell();
    List<ConnectionRow> telling =
        run.results().measured().stream()
            .filter(c -> c.cell().route().pins())
            .flatMap(c -> ledger.getOrDefault(c.id(), List.of()).stream())
            .filter(c -> c.requestsCount() > 1 || c.straysCount() > 0)
            .toList();
    if (telling.isEmpty()) {
      return List.of();
    }
    long strays = telling.stream().mapToLong(ConnectionRow::straysCount).sum();
    return List.of(strays == 0 ? stayed(telling) : changed(run, telling, strays));
  }

  private static Finding stayed(List<ConnectionRow> telling) {
    return Rank.STAYING.finding(
        "staying",
        Tone.GOOD,
        Sentence.of(
                """
                Connections stayed on their pod: of {replies} on {connections} that had more than
                one, none came from another pod than the first.
                """)
            .with("replies", replies(telling))
            .with("connections", telling.size(), "connection"),
        evidence(telling));
  }

  private static Finding changed(Analysis run, List<ConnectionRow> telling, long strays) {
    List<ConnectionRow> moved = telling.stream().filter(c -> c.straysCount() > 0).toList();
    List<CellResults> where =
        run.results().measured().stream()
            .filter(c -> moved.stream().anyMatch(m -> m.at().cellId().equals(c.id())))
            .toList();
    return Rank.CHANGED_POD.finding(
        "staying",
        Tone.BAD,
        Sentence.of(
                """
                Connections changed their pod: of {replies} on {connections} that had more than one,
                or another pod's, {strays} came from another pod than the first, on {moved}
                ({cells}).
                """)
            .with("replies", replies(telling))
            .with("connections", telling.size(), "connection")
            .with("strays", strays)
            .with("moved", moved.size(), "connection")
            .withSome(
                "cells",
                where.stream().map(c -> Sentence.of("{cell}").with("cell", c)).toList(),
                LISTED),
        evidence(telling).at(CellLink.to(where.getFirst())));
  }

  private static Sentence replies(List<ConnectionRow> rows) {
    long replies = rows.stream().mapToLong(ConnectionRow::requestsCount).sum();
    return Sentence.of(replies == 1 ? "{n} reply" : "{n} replies").with("n", replies);
  }

  private static Evidence evidence(List<ConnectionRow> telling) {
    return Evidence.of(
        "connections.csv",
        "requests_count, strays_count",
        "every reply names its pod; strays are replies that name another than the connection's first",
        Numbers.counted(telling.size(), "connection"));
  }
}
