package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.cure.CureGroup;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.CpuFigure;
import dev.conntrail.report.finding.CureFindings;
import dev.conntrail.report.finding.Span;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.spec.Change;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** What cures cost, a row a cure of cells that are asked the same. */
final class CureCostsTable {
  private static final double MIB = 1024.0 * 1024;

  private static final List<Column> COLUMNS =
      List.of(
          Column.words("cure"),
          Column.words("asked"),
          Column.figures("CPU, \u00b5s")
              .explained(
                  "of a request: clients + a proxy + pods, of the first cell; \u00b1 where it was read in"
                      + " ticks of 10 ms; empty in a guest, whose kernel charges a process that wakes at"
                      + " a tick all of it or none"),
          Column.figures("memory, MiB")
              .explained(
                  "resident at the end of the measure phase: clients + proxies + pods, all processes of"
                      + " each, of the first cell, mean over repetitions"),
          Column.figures("kernel entries")
              .explained(
                  "hops in the kernels' tables of connections, of the first cell: of a client's"
                      + " connection + of a proxy's to a pod; translated: sent elsewhere than it was"
                      + " opened to"),
          Column.figures("connects/s").explained("by clients, in the measure phases of all cells"),
          Column.figures("connect p99")
              .explained(
                  "how long clients took to open a connection, of the first cell; the longest where"
                      + " fewer than five lie beyond"),
          Column.words("who changes what"));

  private CureCostsTable() {}

  /** The table of some groups. */
  static Block of(Analysis run, List<CureGroup> groups) {
    return CuredCells.table(
        "cures-costs",
        "What each cure costs: all repetitions of its cells; what is empty was not measured",
        COLUMNS,
        run,
        groups,
        CureCostsTable::fields);
  }

  private static List<Field> fields(CuredCells cured) {
    return List.of(
        cured.first(c -> cured.row(c).flatMap(row -> cpu(c, row))),
        cured.first(c -> cured.row(c).flatMap(row -> memory(row.memory()))),
        cured.first(c -> cured.row(c).flatMap(row -> entries(row.entries()))),
        Span.of(cured.rows(), CureRow::openedPerS)
            .map(s -> Field.of(s.text(), s.high()))
            .orElse(Field.of("")),
        cured.first(c -> cured.row(c).flatMap(row -> connect(row.slowest()))),
        Field.of(CureFindings.takes(Change.ofCure(cured.cells().getFirst().cell()), "; ")));
  }

  private static Optional<Field> cpu(CellResults cell, CureRow row) {
    return Optional.of(row.cpu())
        .filter(cpu -> Double.isFinite(cpu.all()))
        .map(cpu -> Field.of(CpuFigure.of(cell, cpu), cpu.all()));
  }

  private static Optional<Field> memory(CureRow.Memory memory) {
    double[] known =
        DoubleStream.of(
                memory.clientResidentBytes(),
                memory.proxyResidentBytes(),
                memory.podsResidentBytes())
            .filter(Double::isFinite)
            .toArray();
    return known.length == 0
        ? Optional.empty()
        : Optional.of(
            Field.of(
                sum(DoubleStream.of(known).map(bytes -> bytes / MIB).toArray()),
                DoubleStream.of(known).sum()));
  }

  private static Optional<Field> entries(CureRow.Entries entries) {
    double[] known =
        DoubleStream.of(entries.clientEntriesCount(), entries.proxyEntriesCount())
            .filter(Double::isFinite)
            .toArray();
    String translated = number(entries.translatedEntriesCount()) + " translated";
    return known.length == 0
        ? Optional.empty()
        : Optional.of(Field.of(sum(known) + "; " + translated, DoubleStream.of(known).sum()));
  }

  private static String sum(double... parts) {
    return DoubleStream.of(parts).mapToObj(Numbers::number).collect(Collectors.joining(" + "));
  }

  private static Optional<Field> connect(CureRow.Slowest slowest) {
    if (Double.isNaN(slowest.connectMaxNs())) {
      return Optional.empty();
    }
    return Optional.of(
        Double.isNaN(slowest.connectP99Ns())
            ? Field.of(
                "longest " + Numbers.time(slowest.connectMaxNs(), false), slowest.connectMaxNs())
            : Field.of(Numbers.time(slowest.connectP99Ns(), false), slowest.connectP99Ns()));
  }
}
