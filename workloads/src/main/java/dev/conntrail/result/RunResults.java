package dev.conntrail.result;

import dev.conntrail.result.row.At;
import dev.conntrail.result.row.CellRow;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DisagreementRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.LogRow;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.CellId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A result folder, read: everything that a run wrote, typed, with what belongs to a cell or a
 * repetition beside it. Folders of earlier layouts are read too; {@link #lacks} says what they, or
 * damaged ones, do not tell.
 */
public final class RunResults {
  private final RunFolder folder;
  private final TableReader reader;
  private final Environment environment;
  private final Optional<Environment> guest;
  private final List<CellResults> cells;
  private final List<ConnectionRow> connections;
  private Map<CellId, List<ConnectionRow>> byCell;
  private final List<LogRow> log;
  private final List<InstallRow> installs;
  private final List<DisagreementRow> disagreements;
  private final List<KernelRow> kernel;
  private final List<JmhRow> jmh;

  private RunResults(RunFolder folder) throws IOException {
    this.folder = folder;
    this.reader = new TableReader(folder);
    List<CellRow> rows = reader.cells();
    this.environment = environment(folder.environment()).orElse(Environment.UNKNOWN);
    this.guest =
        Files.exists(folder.guestEnvironment())
            ? environment(folder.guestEnvironment())
            : Optional.empty();
    this.connections = reader.rows(Tables.CONNECTIONS);
    this.log = reader.rows(Tables.LOG);
    this.installs = reader.rows(Tables.INSTALLS);
    this.disagreements = reader.rows(Tables.DISAGREEMENTS);
    this.kernel = reader.rows(Tables.KERNEL);
    this.jmh = jmh(folder.jmh());
    this.cells = cells(rows);
    new Completeness(reader, cells, connections).check();
  }

  /**
   * Reads a folder.
   *
   * @throws IOException if it is no result folder, or newer than this program: one line, with file
   *     and mend
   */
  public static RunResults read(RunFolder folder) throws IOException {
    return new RunResults(folder);
  }

  /**
   * What was run, of a folder that is not read otherwise.
   *
   * @throws IOException if it is no result folder, or newer than this program
   */
  public static Manifest manifest(RunFolder folder) throws IOException {
    return Schema.of(folder).manifest();
  }

  private Optional<Environment> environment(Path file) {
    try {
      return Optional.of(Whole.checked(file, Json.read(file, Environment.class)));
    } catch (IOException e) {
      reader.problem(file, e.getMessage() + "; the environment is not known");
      return Optional.empty();
    }
  }

  private List<JmhRow> jmh(Path path) {
    try {
      return JmhResults.read(path, manifest().run());
    } catch (IOException e) {
      reader.problem(path, e.getMessage() + "; the benchmarks are left out");
      return List.of();
    }
  }

  private List<CellResults> cells(List<CellRow> rows) {
    Map<At, List<DistributionRow>> pods = by(Tables.DISTRIBUTION, DistributionRow::at);
    Map<At, List<EventRow>> events = by(Tables.EVENTS, EventRow::at);
    Map<At, List<EffectRow>> effects = by(Tables.EFFECTS, EffectRow::at);
    Set<CellId> known = rows.stream().map(CellRow::cellId).collect(Collectors.toSet());
    Set<CellId> proxied =
        rows.stream()
            .filter(r -> !r.toCell().route().pins())
            .map(CellRow::cellId)
            .collect(Collectors.toSet());
    Map<CellId, List<RepetitionResults>> repetitions = new LinkedHashMap<>();
    for (SummaryRow summary : summaries(known).values()) {
      At at = summary.at();
      repetitions
          .computeIfAbsent(at.cellId(), _ -> new ArrayList<>())
          .add(
              new RepetitionResults(
                  reader,
                  summary,
                  whole(summary, pods.getOrDefault(at, List.of()), proxied.contains(at.cellId())),
                  events.getOrDefault(at, List.of()),
                  effects.getOrDefault(at, List.of())));
    }
    return rows.stream()
        .map(row -> new CellResults(row, repetitions.getOrDefault(row.cellId(), List.of())))
        .toList();
  }

  /** A row for each repetition of cells that there are. */
  private Map<At, SummaryRow> summaries(Set<CellId> known) {
    Path file = reader.schema().file(Tables.SUMMARY);
    Map<At, SummaryRow> summaries = new LinkedHashMap<>();
    for (SummaryRow row : reader.rows(Tables.SUMMARY)) {
      if (!known.contains(row.at().cellId())) {
        reader.problem(
            file,
            file
                + ": found the cell "
                + row.at().cellId()
                + ", which cells.csv does not have; it is left out");
      } else if (summaries.putIfAbsent(row.at(), row) != null) {
        reader.problem(
            file,
            file + ": found " + Completeness.text(row.at()) + " twice; the later is left out");
      }
    }
    return summaries;
  }

  /**
   * The pods of a repetition, if they are numbered from 1, each is there once, and they have no
   * more than the repetition.
   *
   * @param proxied whether their connections are a proxy's, and no client's
   */
  private List<DistributionRow> whole(
      SummaryRow summary, List<DistributionRow> pods, boolean proxied) {
    List<DistributionRow> sorted =
        pods.stream().sorted(Comparator.comparingInt(DistributionRow::podIndex)).toList();
    boolean numbered =
        IntStream.range(0, sorted.size()).allMatch(i -> sorted.get(i).podIndex() == i + 1);
    long names = sorted.stream().map(DistributionRow::pod).distinct().count();
    String why = null;
    if (sorted.isEmpty() || !numbered || names != sorted.size()) {
      why = sorted.size() + " pods; allowed: pods numbered from 1, each once";
    }
    long opened = sorted.stream().mapToLong(DistributionRow::connectionsCount).sum();
    long answered = sorted.stream().mapToLong(DistributionRow::requestsCount).sum();
    if ((!proxied && opened > summary.connections().openedCount())
        || answered > summary.requests().answeredCount()) {
      why =
          "%d connections and %d requests; allowed: at most those of summary.csv, %d and %d"
              .formatted(
                  opened,
                  answered,
                  summary.connections().openedCount(),
                  summary.requests().answeredCount());
    }
    if (why == null) {
      return sorted;
    }
    Path file = reader.schema().file(Tables.DISTRIBUTION);
    reader.problem(
        file,
        "%s: %s: found %s; its pods are left out"
            .formatted(file, Completeness.text(summary.at()), why));
    return List.of();
  }

  private <R extends Record> Map<At, List<R>> by(Table<R> table, Function<R, At> at) {
    return reader.rows(table).stream()
        .collect(Collectors.groupingBy(at, LinkedHashMap::new, Collectors.toList()));
  }

  /** Where it is. */
  public RunFolder folder() {
    return folder;
  }

  /** What was run. */
  public Manifest manifest() {
    return reader.schema().manifest();
  }

  /** On what. */
  public Environment environment() {
    return environment;
  }

  /** The environment within a guest, where there was one. */
  public Optional<Environment> guest() {
    return guest;
  }

  /** All cells, in the order of the run. */
  public List<CellResults> cells() {
    return cells;
  }

  /** Those that have results. */
  public List<CellResults> measured() {
    return cells.stream().filter(c -> !c.repetitions().isEmpty()).toList();
  }

  /** A cell. */
  public Optional<CellResults> cell(CellId id) {
    return cells.stream().filter(c -> c.id().equals(id)).findFirst();
  }

  /** The ledger of the whole run. */
  public List<ConnectionRow> connections() {
    return connections;
  }

  /** The same by cell, of each cell that has any. */
  public synchronized Map<CellId, List<ConnectionRow>> connectionsByCell() {
    if (byCell == null) {
      byCell =
          Collections.unmodifiableMap(
              connections.stream()
                  .collect(
                      Collectors.groupingBy(
                          c -> c.at().cellId(),
                          LinkedHashMap::new,
                          Collectors.toUnmodifiableList())));
    }
    return byCell;
  }

  /** What the run did when. */
  public List<LogRow> log() {
    return log;
  }

  /** Loads of rules. */
  public List<InstallRow> installs() {
    return installs;
  }

  /** Connections on which the witnesses differ. */
  public List<DisagreementRow> disagreements() {
    return disagreements;
  }

  /** What {@code calibrate} measured. */
  public List<KernelRow> kernel() {
    return kernel;
  }

  /** What JMH measured. */
  public List<JmhRow> jmh() {
    return jmh;
  }

  /**
   * What this folder does not tell, a sentence each: because it was written by an earlier version,
   * or because files are missing or damaged, with file, line and column.
   */
  public List<String> lacks() {
    List<String> lacks = new ArrayList<>(reader.schema().lacks());
    lacks.addAll(reader.problems());
    return lacks;
  }
}
