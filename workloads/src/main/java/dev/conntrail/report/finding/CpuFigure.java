package dev.conntrail.report.finding;

import dev.conntrail.analysis.cure.CureRows;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.result.row.ProcessRole;
import dev.conntrail.result.row.ProcessRow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * CPU time of a request as people read it, in microseconds: with how far it may be off where all
 * that it is made of was read in ticks, as of clients in folders of before 2026-11-29.
 */
public final class CpuFigure {
  private static final double NS_PER_US = 1000;

  /** {@code USER_HZ} is 100 on all that Linux runs on (include/asm-generic/param.h). */
  private static final double TICK_NS = 10e6;

  private CpuFigure() {}

  /**
   * What each role's processes took of a request, clients first; what was not measured is left out.
   */
  public static String of(CellResults cell, CureRow.Cpu cpu) {
    Map<ProcessRole, Double> each = new EnumMap<>(ProcessRole.class);
    each.put(ProcessRole.CLIENT, cpu.clientCpuNs());
    each.put(ProcessRole.PROXY, cpu.proxyCpuNs());
    each.put(ProcessRole.PODS, cpu.podsCpuNs());
    return each.entrySet().stream()
        .filter(e -> Double.isFinite(e.getValue()))
        .map(e -> of(e.getValue(), off(cell, e.getKey())))
        .collect(Collectors.joining(" + "));
  }

  /**
   * All that a request took, nanoseconds: the least and the most that one of the repetitions may
   * have had; empty where one was not measured.
   */
  static Optional<Span> range(CellResults cell) {
    List<CellResults> each =
        cell.repetitions().stream().map(r -> cell.only(o -> o.number() == r.number())).toList();
    double[] ends =
        each.stream()
            .flatMapToDouble(c -> {
              double all = CureRows.cpu(c).all();
              double off = Stream.of(ProcessRole.values()).mapToDouble(role -> off(c, role)).sum();
              return DoubleStream.of(all - off, all + off);
            })
            .toArray();
    return DoubleStream.of(ends).allMatch(Double::isFinite)
        ? Span.of(DoubleStream.of(ends))
        : Optional.empty();
  }

  private static String of(double ns, double offNs) {
    return Numbers.number(ns / NS_PER_US)
        + (offNs > 0 ? " \u00b1 " + Numbers.number(offNs / NS_PER_US) : "");
  }

  private static double off(CellResults cell, ProcessRole role) {
    List<ProcessRow> rows = new ArrayList<>();
    long answered = 0;
    for (RepetitionResults r : cell.repetitions()) {
      List<ProcessRow> own =
          r.rows(Tables.PROCESSES).stream().filter(p -> p.role() == role).toList();
      rows.addAll(own);
      answered += own.isEmpty() ? 0 : r.summary().requests().answeredCount();
    }
    return off(rows, answered);
  }

  /**
   * How far what processes took of a request may be off, nanoseconds: a tick for each of them, if
   * every one is in whole ticks; 0 else.
   */
  static double off(List<ProcessRow> rows, long answered) {
    return answered > 0 && rows.stream().allMatch(p -> p.cpuNs() % TICK_NS == 0)
        ? rows.size() * TICK_NS / answered
        : 0;
  }
}
