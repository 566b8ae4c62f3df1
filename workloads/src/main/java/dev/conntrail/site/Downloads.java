package dev.conntrail.site;

import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.PageLink;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The files of a run that lie beside its page. */
final class Downloads {
  /** The whole result folder. */
  static final String ARCHIVE = "results.zip";

  private static final double KILO = 1e3;
  private static final double MEGA = 1e6;

  private static final Map<String, String> MEANING =
      Map.ofEntries(
          Map.entry(
              ARCHIVE,
              "the whole result folder with its raw files; `report` and `rerun` read it unpacked"),
          Map.entry("manifest.json", "what was run, and how it ended"),
          Map.entry("environment.json", "machine and programs"),
          Map.entry("environment-uml.json", "the guest's machine and programs"),
          Map.entry("experiment.yaml", "the experiment, to run it again"),
          Map.entry("cells.csv", "a row a cell: its axes"),
          Map.entry("summary.csv", "a row a cell and repetition: requests, times, marks"),
          Map.entry("distribution.csv", "a row a cell, repetition and pod"),
          Map.entry("connections.csv", "the ledger: a row a connection"),
          Map.entry("disagreements.csv", "a row a connection of which witnesses tell differently"),
          Map.entry("events.csv", "what happened to the Service"),
          Map.entry("effects.csv", "what that did to connections"),
          Map.entry("log.csv", "what the run did when"),
          Map.entry("clocks.csv", "how far clients' clocks are apart"),
          Map.entry("installs.csv", "a row a load of rules"),
          Map.entry("verdicts.csv", "a row a cell: the tests"),
          Map.entry("matrices.csv", "from node to node"),
          Map.entry("kernel.csv", "what `calibrate` measured"),
          Map.entry("jmh.csv", "what JMH measured"),
          Map.entry("growth.csv", "how costs grow with the number of Services"),
          Map.entry("ratios.csv", "costs compared"));

  private Downloads() {}

  /** Whether a file of a result folder lies beside the page as it is. */
  static boolean offered(Path file) {
    return Files.isRegularFile(file)
        && file.getFileName().toString().matches(".*\\.(csv|json|yaml)");
  }

  /** The section of a page that lists them. */
  static Page.Part section(Path folder) throws IOException {
    List<List<Field>> rows = new ArrayList<>();
    for (Path file : FileTrees.list(folder)) {
      String name = file.getFileName().toString();
      if (offered(file) || name.equals(ARCHIVE)) {
        long bytes = Files.size(file);
        rows.add(
            List.of(
                Field.of(name).withLink(new PageLink(name, name)),
                Field.of(MEANING.getOrDefault(name, "").replace("`", "")),
                Field.of(size(bytes), (double) bytes)));
      }
    }
    return new Page.Part(
        "downloads",
        "Downloads",
        false,
        List.of(
            Block.Table.of(
                "downloads-table",
                "Files of the result folder, as they were published",
                List.of(Column.words("file"), Column.words("holds"), Column.figures("size")),
                rows)));
  }

  private static String size(long bytes) {
    return bytes < MEGA
        ? Numbers.number(bytes / KILO) + " kB"
        : Numbers.number(bytes / MEGA) + " MB";
  }
}
