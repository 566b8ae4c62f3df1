package dev.conntrail.report.comparison;

import dev.conntrail.compare.CellPair;
import dev.conntrail.compare.Comparison;
import dev.conntrail.compare.Timed;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.Side;
import dev.conntrail.result.row.SummaryRow;

/**
 * A comparison's repetitions in the Go benchmark data format, which {@code benchstat -col side}
 * reads: a line a repetition without marks, a unit a time.
 */
public final class GoBench {
  private GoBench() {}

  /** As text. */
  public static String of(Comparison c) {
    StringBuilder text = new StringBuilder();
    for (Side side : Side.values()) {
      // the only key: benchstat makes a table of its own for each value of any other
      text.append("side: ").append(side.word()).append('\n');
      for (CellPair pair : c.cells().pairs()) {
        for (RepetitionResults repetition : pair.cell(side).repetitions()) {
          repetition(text, pair, repetition.summary());
        }
      }
    }
    return text.toString();
  }

  private static void repetition(StringBuilder text, CellPair pair, SummaryRow s) {
    if (!s.marks().isEmpty()) {
      return;
    }
    StringBuilder values = new StringBuilder();
    for (Timed timed : Timed.values()) {
      double ns = timed.ns(s);
      if (Double.isFinite(ns)) {
        values.append('\t').append(Math.round(ns)).append(' ').append(timed.word()).append("-ns");
      }
    }
    if (!values.isEmpty()) {
      text.append("BenchmarkCell/").append(name(pair.title()));
      text.append('\t').append(s.requests().answeredCount()).append(values).append('\n');
    }
  }

  /** One word; a number at its end would be taken for that of CPUs. */
  private static String name(String title) {
    String word = title.replaceAll("[^A-Za-z0-9.=-]+", "_");
    return word.matches(".*-\\d+") ? word + "_" : word;
  }
}
