package dev.conntrail.cli;

import dev.conntrail.compare.AbResults;
import dev.conntrail.compare.BlockPair;
import dev.conntrail.compare.CountChange;
import dev.conntrail.compare.Gate;
import dev.conntrail.experiment.AbGate;
import dev.conntrail.experiment.PairedBlock;
import dev.conntrail.report.comparison.AbHeading;
import dev.conntrail.report.comparison.AbPage;
import dev.conntrail.report.comparison.AbText;
import dev.conntrail.result.AbFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an ab answers.
 *
 * @param results what was measured, and what follows
 * @param page an absolute path
 */
record AbAnswer(AbResults results, Path page) {
  /** Ends an ab once every declared time has its verdict. */
  static AbGate gate(double margin) {
    return (blocks, level) ->
        Gate.judge(blocks.stream().flatMap(AbAnswer::pairs).toList(), level, margin).decided();
  }

  private static Stream<BlockPair> pairs(PairedBlock block) {
    return block.rows().stream()
        .map(r ->
            new BlockPair(
                block.number(), r.cells().a(), r.cells().b(), r.cells().control(), r.a(), r.b()));
  }

  /** Reads a folder, judges it and writes its page. */
  static AbAnswer write(AbFolder folder) throws IOException {
    AbResults results = AbResults.read(folder);
    return new AbAnswer(results, AbPage.write(results).toAbsolutePath().normalize());
  }

  /** The code that the command ends with. */
  int code(boolean strict, boolean failOnCounts, int otherwise) {
    Gate gate = results.gate();
    if (failOnCounts && !results.counts(CountChange.DIFFERS).isEmpty()) {
      return ExitCode.VERDICT;
    }
    if (gate.isVoid()) {
      return ExitCode.UNTOLD;
    }
    if (!gate.slowerBeyond().isEmpty()) {
      return ExitCode.VERDICT;
    }
    return strict && !gate.decided() ? ExitCode.UNTOLD : otherwise;
  }

  /** For a terminal. */
  List<String> lines(int columns) {
    List<String> lines = new ArrayList<>(Wrapped.lines(AbHeading.of(results).text(), columns));
    lines.add("");
    lines.addAll(AbText.lines(results));
    lines.add("");
    lines.add("blocks:  " + results.gate().blocks());
    lines.add("folder:  " + page.getParent());
    lines.add("page:    " + page);
    return lines;
  }
}
