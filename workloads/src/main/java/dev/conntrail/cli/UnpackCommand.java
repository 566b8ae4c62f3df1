package dev.conntrail.cli;

import dev.conntrail.result.PackedCells;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Undoes what {@link PackCommand} does. */
@Command(
    name = "unpack",
    mixinStandardHelpOptions = true,
    description =
        "Unpack the raw files of a result folder: cells.zip becomes cells/ again, file by file as they were.",
    footerHeading = "%nExamples:%n",
    footer = {"  conntrail unpack results/20261122T180000Z_default_netns_abc123"})
final class UnpackCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "A result folder.")
  private Path folder;

  @Override
  public Integer call() {
    return PackCommand.run(folder, PackedCells::unpack, "unpacked");
  }
}
