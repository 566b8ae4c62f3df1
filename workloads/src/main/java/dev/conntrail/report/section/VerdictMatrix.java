package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.VerdictText;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Unit;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/** Workloads by data planes: a sign, a word, and the way to the evidence; a table a kernel. */
final class VerdictMatrix {
  private VerdictMatrix() {}

  /** What a row has in common. */
  private record Row(String workload, int pods) {}

  static List<Block> of(Analysis run) {
    List<Block> tables = new ArrayList<>();
    for (TestbedKind testbed : run.results().manifest().testbeds()) {
      List<CellResults> cells =
          run.results().measured().stream()
              .filter(c -> c.testbed() == testbed && run.verdict(c, Unit.CONNECTIONS).isPresent())
              .toList();
      if (!cells.isEmpty()) {
        tables.add(table(run, testbed, cells));
      }
    }
    return tables;
  }

  private static Block table(Analysis run, TestbedKind testbed, List<CellResults> cells) {
    SequencedSet<String> variants = new LinkedHashSet<>();
    Map<Row, Map<String, CellResults>> rows = new LinkedHashMap<>();
    for (CellResults c : cells) {
      variants.add(c.cell().variant());
      rows.computeIfAbsent(
              new Row(c.cell().workload(), c.cell().pods()), _ -> new LinkedHashMap<>())
          .put(c.cell().variant(), c);
    }
    List<Column> columns = new ArrayList<>(List.of(Column.words("workload")));
    variants.forEach(v -> columns.add(Column.words(v)));
    List<List<Field>> fields = new ArrayList<>();
    rows.forEach((row, byVariant) -> {
      List<Field> line = new ArrayList<>();
      line.add(Field.of(row.workload() + ", " + Numbers.counted((long) row.pods(), "pod")));
      for (String variant : variants) {
        line.add(
            Optional.ofNullable(byVariant.get(variant))
                .map(c -> field(run, c))
                .orElse(Field.of("")));
      }
      fields.add(line);
    });
    return Block.Table.of(
        "matrix-" + testbed.word(),
        "Where connections landed, by workload and data plane ("
            + testbed.word()
            + "): the verdict, and the busiest pod's requests over the mean",
        columns,
        fields);
  }

  private static Field field(Analysis run, CellResults cell) {
    var verdict = run.verdict(cell, Unit.CONNECTIONS).orElseThrow();
    String busiest =
        run.verdict(cell, Unit.REQUESTS)
            .filter(v -> Double.isFinite(v.maxOverMean()))
            .map(v -> ", " + Numbers.number(v.maxOverMean()) + "\u00d7")
            .orElse("");
    return Field.of(VerdictText.brief(verdict) + busiest)
        .withTone(VerdictText.tone(verdict))
        .withLink(CellLink.to(cell));
  }
}
