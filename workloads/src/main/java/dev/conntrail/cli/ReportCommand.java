package dev.conntrail.cli;

import dev.conntrail.report.Report;
import dev.conntrail.result.RunFolder;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a report over results that are there. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description =
        "Write report.html, report.md and the SVGs of a result folder; nothing is measured.",
    footerHeading = "%nExamples:%n",
    footer = {"  conntrail report results/20261122T180000Z_default_netns_abc123"})
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "A result folder.")
  private Path folder;

  @Override
  public Integer call() throws IOException {
    RunFolder run = new RunFolder(folder);
    if (!Files.isRegularFile(run.manifest())) {
      throw new IllegalArgumentException(
          folder + ": found no manifest.json; allowed: a result folder, as `run` writes it");
    }
    try {
      System.out.println("report: " + Report.write(run).page());
    } catch (FileSystemException e) {
      throw new IllegalArgumentException(
          e.getFile() + ": cannot be written: " + reason(e) + "; mend: move it away", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    ResultOwner.give(folder);
    return ExitCode.OK;
  }

  private static String reason(FileSystemException e) {
    return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
  }
}
