package dev.conntrail.report;

import dev.conntrail.analysis.Verdicts;
import dev.conntrail.record.Metric;
import dev.conntrail.result.Json;
import dev.conntrail.result.LoadFiles;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The same experiment on another testbed, cell by cell.
 *
 * @param here the run of the report
 * @param there the other
 */
record Beside(RunData here, RunData there) {
  private static final String NETNS = "netns";
  private static final List<String> CLUSTERS = List.of("kind", "cluster");

  /** A cell that both have. */
  private record Pair(Rows.Cells cell, Rows.Cells other) {}

  /**
   * The newest whole run of the same experiment on testbed netns in the same results folder, for a
   * run on a cluster.
   */
  static Optional<Path> find(RunFolder folder, Manifest manifest) throws IOException {
    Path results = folder.path().toAbsolutePath().getParent();
    if (!CLUSTERS.contains(manifest.testbed())) {
      return Optional.empty();
    }
    try (Stream<Path> siblings = Files.list(results)) {
      List<Path> candidates =
          siblings
              .filter(p -> Files.isRegularFile(new RunFolder(p).manifest()))
              .sorted(Comparator.comparing((Path p) -> p.getFileName().toString()).reversed())
              .toList();
      for (Path candidate : candidates) {
        Manifest other = Json.read(new RunFolder(candidate).manifest(), Manifest.class);
        if (other.testbed().startsWith(NETNS)
            && other.experiment().equals(manifest.experiment())
            && other.rulesEdit().isEmpty()
            && other.status().equals("complete")) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }

  private List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (Rows.Cells cell : here.measured()) {
      there.measured().stream()
          .filter(o -> o.cell().equals(cell.cell()) && o.testbed().equals(NETNS))
          .findFirst()
          .ifPresent(o -> pairs.add(new Pair(cell, o)));
    }
    return pairs;
  }

  /** A row for each cell that both have. */
  Report.Table table() {
    String a = here.manifest().testbed();
    String b = NETNS;
    List<List<String>> rows = new ArrayList<>();
    for (Pair p : pairs()) {
      rows.add(
          List.of(
              p.cell().title(),
              verdict(here, p.cell()),
              verdict(there, p.other()),
              idle(here, p.cell()),
              idle(there, p.other()),
              maxOverMean(here, p.cell()),
              maxOverMean(there, p.other()),
              p50(here, p.cell(), Metric.RESPONSE),
              p50(there, p.other(), Metric.RESPONSE),
              p50(here, p.cell(), Metric.CONNECT),
              p50(there, p.other(), Metric.CONNECT)));
    }
    return new Report.Table(
        List.of(
            "cell",
            "connections, " + a,
            b,
            "idle pods, " + a,
            b,
            "max/mean requests, " + a,
            b,
            "response p50, " + a,
            b,
            "connect p50, " + a,
            b),
        rows);
  }

  private static String verdict(RunData run, Rows.Cells cell) {
    return run.verdict(cell, Verdicts.CONNECTIONS).map(Rows.Verdict::verdict).orElse("NA");
  }

  private static String idle(RunData run, Rows.Cells cell) {
    return run.verdict(cell, Verdicts.CONNECTIONS)
        .map(v -> Text.number(v.idleMeanCount()))
        .orElse("NA");
  }

  private static String maxOverMean(RunData run, Rows.Cells cell) {
    return run.verdict(cell, Verdicts.REQUESTS).map(v -> Text.number(v.maxOverMean())).orElse("NA");
  }

  private static double median(RunData run, Rows.Cells cell, Metric metric) {
    return LoadFiles.percentile(run.latencies().get(cell.cell()).get(metric), 50);
  }

  private static String p50(RunData run, Rows.Cells cell, Metric metric) {
    return Text.time(median(run, cell, metric));
  }

  /** Whether both tell the same story, and where they do not. */
  List<Findings.Finding> findings() {
    List<Pair> pairs = pairs();
    if (pairs.isEmpty()) {
      return List.of();
    }
    String a = here.manifest().testbed();
    String b = NETNS;
    List<String> differ =
        pairs.stream()
            .filter(p -> !verdict(here, p.cell()).equals(verdict(there, p.other())))
            .map(p ->
                p.cell().title()
                    + " ("
                    + verdict(here, p.cell())
                    + " / "
                    + verdict(there, p.other())
                    + ")")
            .toList();
    double ratio = ratio(pairs, Metric.RESPONSE);
    double connect = ratio(pairs, Metric.CONNECT);
    return List.of(
        new Findings.Finding(
            a
                + " and "
                + b
                + " tell "
                + (differ.isEmpty()
                    ? "the same story: the verdict on connections is the same in all "
                        + pairs.size()
                        + " cells that both have."
                    : "different stories in "
                        + differ.size()
                        + " of "
                        + pairs.size()
                        + " cells: "
                        + String.join("; ", differ)
                        + "."),
            "verdicts.csv of this run and of " + there.folder().path().getFileName(),
            differ.isEmpty()),
        new Findings.Finding(
            "On "
                + a
                + " a median request takes "
                + Text.number(ratio)
                + " times what it takes on "
                + b
                + ", a connect "
                + Text.number(connect)
                + " times.",
            "median over the cells that both have of the ratio of medians; on "
                + b
                + " one process serves all pods and nothing else runs, on "
                + a
                + " each pod has its own JVM, on the same CPUs as the control plane, and half of the paths cross a second node",
            true));
  }

  private double ratio(List<Pair> pairs, Metric metric) {
    double[] ratios =
        pairs.stream()
            .mapToDouble(p -> median(here, p.cell(), metric) / median(there, p.other(), metric))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return ratios.length == 0 ? Double.NaN : ratios[ratios.length / 2];
  }
}
