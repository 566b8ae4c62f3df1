package dev.conntrail.report;

import dev.conntrail.analysis.NodeMatrix;
import dev.conntrail.record.Metric;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Environment;
import dev.conntrail.result.Json;
import dev.conntrail.result.Latencies;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * A result folder, read.
 *
 * @param folder where it is
 * @param manifest what was run
 * @param environment on what
 * @param cells the cells
 * @param summaries a row a cell and repetition
 * @param distribution a row a cell, repetition and pod
 * @param verdicts a row a cell and unit
 * @param installs rule loads
 * @param events what happened when
 * @param changes what was changed of Services while load ran
 * @param effects what changes and idleness did to connections
 * @param guest the environment within a guest, where there was one
 * @param disagreements rows on which the witnesses differ
 * @param latencies merged histograms by cell and metric
 * @param seconds one-second intervals of all repetitions, with the time of their repetition's start
 * @param ledger counts from connections.csv, by cell
 * @param matrices from node to node, of connections through a Service; by what was alike in cells:
 *     data plane, nodes and pods
 */
record RunData(
    RunFolder folder,
    Manifest manifest,
    Environment environment,
    List<Rows.Cells> cells,
    List<Rows.Summary> summaries,
    List<Rows.Distribution> distribution,
    List<Rows.Verdict> verdicts,
    List<Rows.Install> installs,
    List<Rows.Event> events,
    List<Rows.Change> changes,
    List<Rows.Effect> effects,
    Optional<Environment> guest,
    List<Rows.Disagreement> disagreements,
    Map<String, Map<Metric, Histogram>> latencies,
    List<Second> seconds,
    Map<String, Ledger> ledger,
    Map<Alike, NodeMatrix> matrices) {

  /** Testbeds that have one node unless a cell has more. */
  private static final Set<String> ONE_NODE = Set.of("netns", "uml", "loopback");

  /**
   * What cells have in common whose connections from node to node are counted together.
   *
   * @param plane the data plane with its backend or scheduler
   * @param nodes how many a cell asked for
   * @param pods behind the Service
   */
  record Alike(String plane, int nodes, int pods) {
    /** As in a caption; a cluster's own nodes are not counted. */
    String title() {
      return plane + (nodes > 1 ? ", " + nodes + " nodes" : "") + ", " + pods + " pods";
    }
  }

  /** One second of one client in one repetition. */
  record Second(String cell, int repetition, Rows.Interval interval) {}

  /**
   * What the ledger says of a cell.
   *
   * @param connections rows
   * @param requests answered on them
   * @param strays replies that named another pod than the connection's first
   */
  record Ledger(long connections, long requests, long strays) {
    Ledger plus(Rows.Connection c) {
      return new Ledger(connections + 1, requests + c.requestsCount(), strays + c.straysCount());
    }
  }

  static RunData read(RunFolder folder) throws IOException {
    List<Rows.Cells> cells = Csv.read(folder.cells(), Rows.Cells.class);
    List<Rows.Summary> summaries = Csv.read(folder.summary(), Rows.Summary.class);
    Map<String, Map<Metric, Histogram>> latencies = new LinkedHashMap<>();
    List<Second> seconds = new ArrayList<>();
    for (Rows.Cells cell : cells) {
      List<Path> logs = new ArrayList<>();
      for (Rows.Summary s : summaries) {
        if (s.cell().equals(cell.cell())) {
          RunFolder.Repetition repetition = folder.found(s.cell(), s.repetition());
          if (Files.exists(repetition.latency())) {
            logs.add(repetition.latency());
            Csv.read(repetition.intervals(), Rows.Interval.class)
                .forEach(i -> seconds.add(new Second(s.cell(), s.repetition(), i)));
          }
        }
      }
      latencies.put(cell.cell(), Latencies.merged(logs));
    }
    List<Rows.Distribution> distribution = Csv.read(folder.distribution(), Rows.Distribution.class);
    Map<String, Alike> alike = new LinkedHashMap<>();
    // where all is on one node, nothing goes from node to node
    cells.stream()
        .filter(c -> !c.dataPlane().equals(Findings.DIRECT))
        .filter(c -> !ONE_NODE.contains(c.testbed()) || c.nodesCount() > 1)
        .forEach(
            c -> alike.put(c.cell(), new Alike(Modes.plane(c), c.nodesCount(), c.podsCount())));
    Map<String, Ledger> ledger = new LinkedHashMap<>();
    Map<Alike, NodeMatrix> matrices = new LinkedHashMap<>();
    for (Rows.Connection c : Csv.read(folder.connections(), Rows.Connection.class)) {
      ledger.merge(c.cell(), new Ledger(0, 0, 0).plus(c), (old, _) -> old.plus(c));
      Alike key = alike.get(c.cell());
      if (key != null && !c.node().equals(Csv.MISSING)) {
        matrices
            .computeIfAbsent(key, k -> new NodeMatrix(podsByNode(distribution, alike, k)))
            .add(c.clientNode(), c.node());
      }
    }
    return new RunData(
        folder,
        Json.read(folder.manifest(), Manifest.class),
        Json.read(folder.environment(), Environment.class),
        cells,
        summaries,
        distribution,
        Csv.read(folder.verdicts(), Rows.Verdict.class),
        Csv.read(folder.installs(), Rows.Install.class),
        Csv.read(folder.events(), Rows.Event.class),
        Csv.read(folder.changes(), Rows.Change.class),
        Csv.read(folder.effects(), Rows.Effect.class),
        Files.exists(folder.guestEnvironment())
            ? Optional.of(Json.read(folder.guestEnvironment(), Environment.class))
            : Optional.empty(),
        Csv.read(folder.disagreements(), Rows.Disagreement.class),
        latencies,
        seconds,
        ledger,
        matrices);
  }

  /** How many of the pods of such cells each node runs. */
  private static Map<String, Integer> podsByNode(
      List<Rows.Distribution> distribution, Map<String, Alike> alike, Alike key) {
    Map<String, Integer> pods = new LinkedHashMap<>();
    distribution.stream()
        .filter(d -> key.equals(alike.get(d.cell())))
        .map(d -> List.of(d.pod(), d.node()))
        .distinct()
        .forEach(d -> pods.merge(d.getLast(), 1, Integer::sum));
    return pods;
  }

  List<Rows.Summary> summariesOf(Rows.Cells cell) {
    return summaries.stream().filter(s -> s.cell().equals(cell.cell())).toList();
  }

  Optional<Rows.Verdict> verdict(Rows.Cells cell, String unit) {
    return verdicts.stream()
        .filter(v -> v.cell().equals(cell.cell()) && v.unit().equals(unit))
        .findFirst();
  }

  /** Whether nothing was brought about in a cell: no change, no idleness, no setting, one node. */
  static boolean plain(Rows.Cells c) {
    return c.changes().equals(Csv.MISSING)
        && c.settings().equals(Csv.MISSING)
        && c.idleMs() == 0
        && c.nodesCount() == 1;
  }

  /** Plain cells of the first kernel of the run: their times may be compared with each other. */
  List<Rows.Cells> comparable() {
    List<Rows.Cells> all = measured();
    return all.stream()
        .filter(c -> plain(c) && c.testbed().equals(all.getFirst().testbed()))
        .toList();
  }

  /** Cells that have results. */
  List<Rows.Cells> measured() {
    return cells.stream()
        .filter(c -> summaries.stream().anyMatch(s -> s.cell().equals(c.cell())))
        .toList();
  }
}
