package dev.conntrail.report.render;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.LogRow;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.result.row.Step;
import java.util.ArrayList;
import java.util.List;

/** What a folder does not tell: what was not measured, what failed, what cannot be read. */
final class Lacks {
  private static final int NAMED = 5;

  private Lacks() {}

  /** Sentences, the heaviest first. */
  static List<String> of(Analysis run) {
    RunResults results = run.results();
    List<String> lacks = new ArrayList<>();
    if (results.manifest().status() != RunStatus.COMPLETE) {
      lacks.add(notWhole(results));
    }
    List<LogRow> failed =
        results.log().stream().filter(l -> l.step() == Step.REPETITION_FAILED).toList();
    failed.stream().limit(NAMED).map(l -> failed(results, l)).forEach(lacks::add);
    if (failed.size() > NAMED) {
      lacks.add(Numbers.count(failed.size() - NAMED) + " more repetitions failed: see `log.csv`.");
    }
    lacks.addAll(results.lacks());
    return lacks;
  }

  private static String notWhole(RunResults results) {
    long asked = results.cells().stream().mapToLong(c -> c.cell().course().repetitions()).sum();
    long measured = results.cells().stream().mapToLong(c -> c.repetitions().size()).sum();
    List<String> without =
        results.cells().stream()
            .filter(c -> c.repetitions().isEmpty())
            .map(CellResults::title)
            .toList();
    return "The run is not whole ("
        + results.manifest().status().word()
        + "): "
        + Numbers.count(measured)
        + " of "
        + Numbers.counted(asked, "repetition")
        + " have results."
        + (without.isEmpty() ? "" : " Without any: " + Numbers.some(without, NAMED) + ".");
  }

  private static String failed(RunResults results, LogRow row) {
    return "Repetition "
        + row.repetition()
        + " of "
        + row.cellId().flatMap(results::cell).map(CellResults::title).orElse("a cell")
        + " failed"
        + row.detail().map(d -> ": " + d).orElse("")
        + ".";
  }
}
