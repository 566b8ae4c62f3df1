package dev.conntrail.cli;

import dev.conntrail.report.Report;
import dev.conntrail.result.RunFolder;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes a report over results that are there. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description =
        "Write report.html, report.md and the SVGs of a result folder, and print what the run answers; nothing is measured.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail report results/20261122T180000Z_default_netns_abc123",
      "  conntrail report DIR --json --fail-on not-chance    for programs"
    })
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "A result folder.")
  private Path folder;

  @Mixin private AnswerMixin answer;

  @Override
  public Integer call() throws IOException {
    answer.failures();
    RunFolder run = ResultFolder.require(folder);
    Answered answered;
    try {
      answered = Answered.of(Report.write(run));
    } catch (FileSystemException e) {
      throw new IllegalArgumentException(
          e.getFile() + ": cannot be written: " + reason(e) + "; mend: move it away", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    ResultOwner.give(folder);
    int code = answer.code(answered, ExitCode.OK);
    answer.print(answered, code);
    return code;
  }

  private static String reason(FileSystemException e) {
    return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
  }
}
