package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import java.util.Comparator;
import java.util.Optional;

/**
 * The cell to look at first: one that is not chance, the least probable of these; else one whose
 * law was broken; else the one behind a Service whose busiest pod got most of its requests.
 *
 * @param cell which
 * @param word what is said of it
 * @param connections where its connections landed
 * @param busiest requests of the busiest pod over the mean; not a number if it had no replies
 */
public record WorstCell(
    CellResults cell, CellWord word, Optional<VerdictRow> connections, double busiest) {
  private static final Comparator<WorstCell> ALARMS_FIRST =
      Comparator.comparing((WorstCell w) -> w.alarm() ? w.word() : CellWord.CONSISTENT)
          .thenComparingDouble(w -> w.alarm() ? w.pAdjusted().orElse(1.0) : 1)
          .thenComparing(WorstCell::busiest, Comparator.reverseOrder());

  /** That of a run; empty if no cell has a verdict and replies. */
  static Optional<WorstCell> of(Analysis run) {
    return run.results().measured().stream()
        .map(c -> of(run, c))
        .filter(w -> w.alarm() || (w.behindService() && Double.isFinite(w.busiest())))
        .min(ALARMS_FIRST);
  }

  private static WorstCell of(Analysis run, CellResults cell) {
    return new WorstCell(
        cell,
        CellWord.of(run, cell),
        run.verdict(cell, Unit.CONNECTIONS),
        run.verdict(cell, Unit.REQUESTS).map(VerdictRow::maxOverMean).orElse(Double.NaN));
  }

  private boolean alarm() {
    return connections.map(VerdictRow::alarm).orElse(false);
  }

  private boolean behindService() {
    return cell.cell().behindService();
  }

  /** The probability that decided, after Holm's correction; empty if it was not tested. */
  public Optional<Double> pAdjusted() {
    return connections
        .map(VerdictText::decisive)
        .map(VerdictRow.Test::pAdjusted)
        .filter(Double::isFinite);
  }

  /** The cell, what is said of it, and how far it is from even. */
  String text() {
    String text = Controls.name(cell) + ": ";
    if (!alarm()) {
      return text
          + Sentence.of("{word}; busiest pod {busiest} times the mean")
              .with("word", word.text())
              .with("busiest", busiest)
              .text();
    }
    VerdictRow v = connections.orElseThrow();
    text +=
        word == CellWord.NOT_CHANCE
            ? "not chance, " + VerdictText.departed(v).text()
            : "law broken (" + VerdictText.law(v.choice()) + ")";
    return Double.isFinite(v.maxOverMean())
        ? text
            + Sentence.of("; busiest pod {busiest} times the mean of connections")
                .with("busiest", v.maxOverMean())
                .text()
        : text;
  }
}
