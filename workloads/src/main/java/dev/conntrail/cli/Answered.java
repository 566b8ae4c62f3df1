package dev.conntrail.cli;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.Report;
import dev.conntrail.report.finding.Answer;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A run with its answer.
 *
 * @param run what was measured, and what follows
 * @param answer what it answers
 * @param page the report; empty if none was written
 */
record Answered(Analysis run, Answer answer, Optional<Path> page) {
  /** That of a report. */
  static Answered of(Report report) {
    return new Answered(report.run(), report.answer(), Optional.of(absolute(report.page())));
  }

  /**
   * That of a folder whose report is not written.
   *
   * @throws IOException if it is no result folder
   */
  static Answered of(RunFolder folder) throws IOException {
    Analysis run = Analysis.of(RunResults.read(folder));
    return new Answered(run, Answer.of(run), Optional.empty());
  }

  /** Where the results are, as an absolute path. */
  Path folder() {
    return absolute(run.results().folder().path());
  }

  /** A path that can be used from anywhere. */
  static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
