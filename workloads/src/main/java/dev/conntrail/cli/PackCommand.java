package dev.conntrail.cli;

import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.PackedCells;
import dev.conntrail.result.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Packs the raw files of a result folder. */
@Command(
    name = "pack",
    mixinStandardHelpOptions = true,
    description =
        "Pack the raw files of a result folder: cells/ becomes cells.zip, which report, calibrate and all else read as well. Nothing is lost when it is interrupted; the same files give the same bytes.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail pack results/20261122T180000Z_default_netns_abc123",
      "  conntrail unpack results/20261122T180000Z_default_netns_abc123"
    })
final class PackCommand implements Callable<Integer> {
  private static final double KIB = 1024;

  /** Packs or unpacks. */
  @FunctionalInterface
  interface Step {
    PackedCells.Size of(RunFolder folder) throws IOException;
  }

  @Parameters(paramLabel = "DIR", description = "A result folder.")
  private Path folder;

  @Override
  public Integer call() {
    return run(folder, PackedCells::pack, "packed");
  }

  /** Does one or the other, and says what became of how much. */
  static int run(Path folder, Step step, String done) {
    RunFolder run = ResultFolder.require(folder);
    if (folder.toAbsolutePath().normalize().toString().endsWith(RunFolder.PARTIAL)) {
      throw new IllegalArgumentException(
          folder + ": found a run that has not ended; allowed: one that has");
    }
    try {
      PackedCells.Size size = step.of(run);
      ResultOwner.give(folder);
      System.out.printf(
          "%s: %s, %s KiB; %s KiB as one%n",
          done,
          Numbers.counted((long) size.files(), "file"),
          Numbers.count(Math.round(size.bytes() / KIB)),
          Numbers.count(Math.round(size.packedBytes() / KIB)));
      return ExitCode.OK;
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
