package dev.conntrail.result;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The paths of one run's folder. While the run goes on the folder's name ends in {@code .partial}.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
  /** How the name of an unfinished folder ends. */
  public static final String PARTIAL = ".partial";

  /** How the name of a folder ends whose run was killed. */
  public static final String KILLED = ".killed";

  /** A new folder, under its partial name. */
  public static RunFolder create(Path results, String name) throws IOException {
    Files.createDirectories(results);
    String free = name;
    for (int i = 2;
        Files.exists(results.resolve(free)) || Files.exists(results.resolve(free + PARTIAL));
        i++) {
      free = name + "-" + i;
    }
    return new RunFolder(Files.createDirectory(results.resolve(free + PARTIAL)));
  }

  /** Renames the folder to its final name. */
  public RunFolder finish() throws IOException {
    String name = path.getFileName().toString();
    Path target = path.resolveSibling(name.substring(0, name.length() - PARTIAL.length()));
    return new RunFolder(Files.move(path, target, StandardCopyOption.ATOMIC_MOVE));
  }

  public Path manifest() {
    return path.resolve("manifest.json");
  }

  public Path environment() {
    return path.resolve("environment.json");
  }

  public Path experiment() {
    return path.resolve("experiment.yaml");
  }

  public Path cells() {
    return path.resolve("cells.csv");
  }

  public Path summary() {
    return path.resolve("summary.csv");
  }

  public Path distribution() {
    return path.resolve("distribution.csv");
  }

  public Path verdicts() {
    return path.resolve("verdicts.csv");
  }

  public Path connections() {
    return path.resolve("connections.csv");
  }

  public Path disagreements() {
    return path.resolve("disagreements.csv");
  }

  public Path events() {
    return path.resolve("events.csv");
  }

  public Path changes() {
    return path.resolve("changes.csv");
  }

  public Path effects() {
    return path.resolve("effects.csv");
  }

  /** The environment of a guest, where there was one. */
  public Path guestEnvironment() {
    return path.resolve("environment-uml.json");
  }

  /** What load and echo wrote to standard error; made when it is asked for. */
  public Path logs() throws IOException {
    return Files.createDirectories(path.resolve("logs"));
  }

  /** Deletes the logs in which nothing was written. */
  public void dropEmptyLogs() throws IOException {
    List<Path> empty;
    try (Stream<Path> all = Files.list(logs())) {
      empty = all.filter(f -> f.toFile().length() == 0).toList();
    }
    for (Path file : empty) {
      Files.delete(file);
    }
  }

  public Path clocks() {
    return path.resolve("clocks.csv");
  }

  public Path installs() {
    return path.resolve("installs.csv");
  }

  public Path kernel() {
    return path.resolve("kernel.csv");
  }

  public Path growth() {
    return path.resolve("growth.csv");
  }

  public Path jmhTable() {
    return path.resolve("jmh.csv");
  }

  public Path jmh() {
    return path.resolve("jmh");
  }

  public Path report() {
    return path.resolve("report");
  }

  /** The folder of a repetition. */
  public Repetition repetition(String cell, int number) {
    return new Repetition(
        path.resolve("cells").resolve(cell).resolve("rep-%02d".formatted(number)));
  }

  /** The folder of a repetition as it was left: its name may say that it failed. */
  public Repetition found(String cell, int number) {
    Repetition good = repetition(cell, number);
    return Files.isDirectory(good.path()) ? good : good.failed();
  }

  /**
   * The paths of one repetition.
   *
   * @param path its folder
   */
  public record Repetition(Path path) {
    Repetition failed() {
      return new Repetition(path.resolveSibling(path.getFileName() + ".FAIL"));
    }

    /** Renames the folder, so that it is seen to have failed. */
    public Repetition fail() throws IOException {
      return new Repetition(Files.move(path, failed().path()));
    }

    public Path latency() {
      return path.resolve("latency.hlog");
    }

    public Path intervals() {
      return path.resolve("intervals.csv");
    }

    public Path errors() {
      return path.resolve("errors.csv");
    }

    public Path counters() {
      return path.resolve("counters.csv");
    }

    public Path echo() {
      return path.resolve("echo.csv");
    }

    public Path rules() {
      return path.resolve("rules.txt");
    }

    public Path conntrack() {
      return path.resolve("conntrack.txt");
    }

    public Path ipvs() {
      return path.resolve("ipvs.txt");
    }

    /** Where a client's process writes, until its rows are merged. */
    public ClientFiles client(String name) {
      return new ClientFiles(path.resolve(name));
    }
  }

  /**
   * What one load process writes.
   *
   * @param path its folder
   */
  public record ClientFiles(Path path) {
    public Path plan() {
      return path.resolve("plan.json");
    }

    public Path connections() {
      return path.resolve("connections.csv");
    }

    public Path intervals() {
      return path.resolve("intervals.csv");
    }

    public Path errors() {
      return path.resolve("errors.csv");
    }

    public Path podsOverTime() {
      return path.resolve("pods_over_time.csv");
    }

    public Path latency() {
      return path.resolve("latency.hlog");
    }

    public Path totals() {
      return path.resolve("totals.json");
    }
  }

  /**
   * Takes over what was measured in another folder of the same run: its rows, repetitions and logs,
   * and its environment as the guest's.
   *
   * @param offsetMs what its times of events are late by
   */
  public void adopt(RunFolder other, double offsetMs) throws IOException {
    adopt(summary(), other.summary(), Rows.Summary.class);
    adopt(distribution(), other.distribution(), Rows.Distribution.class);
    adopt(connections(), other.connections(), Rows.Connection.class);
    adopt(disagreements(), other.disagreements(), Rows.Disagreement.class);
    adopt(changes(), other.changes(), Rows.Change.class);
    adopt(effects(), other.effects(), Rows.Effect.class);
    adopt(installs(), other.installs(), Rows.Install.class);
    adopt(clocks(), other.clocks(), Rows.Clock.class);
    Csv.append(
        events(),
        Rows.Event.class,
        Csv.read(other.events(), Rows.Event.class).stream()
            .map(e ->
                new Rows.Event(
                    e.cell(), e.repetition(), e.atMs() + offsetMs, e.event(), e.detail()))
            .toList());
    moveInto(other.path().resolve("cells"), Files.createDirectories(path.resolve("cells")), "");
    moveInto(other.path().resolve("logs"), logs(), "uml-");
    Files.move(other.environment(), guestEnvironment());
  }

  /** What the guest writes to while the run goes on. */
  public Path guest() {
    return path.resolve("guest");
  }

  /** Takes over what a guest had measured when it ended before its time; its folder goes. */
  public void adoptLeft() throws IOException {
    Path results = guest().resolve("results");
    if (Files.isDirectory(results)) {
      List<Path> left;
      try (Stream<Path> all = Files.list(results)) {
        left = all.filter(p -> Files.exists(new RunFolder(p).summary())).toList();
      }
      for (Path folder : left) {
        adopt(new RunFolder(folder), 0);
      }
    }
    if (Files.isDirectory(guest())) {
      deleteTree(guest());
    }
  }

  private static <T extends Record> void adopt(Path mine, Path other, Class<T> type)
      throws IOException {
    if (Files.exists(other)) {
      Csv.append(mine, type, Csv.read(other, type));
    }
  }

  private static void moveInto(Path from, Path to, String prefix) throws IOException {
    if (Files.isDirectory(from)) {
      List<Path> all;
      try (Stream<Path> files = Files.list(from)) {
        all = files.toList();
      }
      for (Path file : all) {
        Files.move(file, to.resolve(prefix + file.getFileName()));
      }
    }
  }

  /**
   * Deals with what killed runs left: a folder without a finished repetition is removed, one with
   * results is kept under a name that says so.
   *
   * @param live tells whether the run of a partial folder is still going on
   * @return a line for each folder
   */
  public static List<String> clearKilled(Path results, java.util.function.Predicate<Path> live)
      throws IOException {
    List<String> lines = new ArrayList<>();
    if (!Files.isDirectory(results)) {
      return lines;
    }
    List<Path> partial;
    try (Stream<Path> all = Files.list(results)) {
      partial =
          all.filter(p -> p.getFileName().toString().endsWith(PARTIAL) && Files.isDirectory(p))
              .sorted()
              .toList();
    }
    for (Path folder : partial) {
      if (live.test(folder)) {
        continue;
      }
      new RunFolder(folder).adoptLeft();
      if (Files.exists(new RunFolder(folder).summary())) {
        String name = folder.getFileName().toString();
        Path kept =
            folder.resolveSibling(name.substring(0, name.length() - PARTIAL.length()) + KILLED);
        Files.move(folder, kept);
        lines.add("kept what a killed run had measured as " + kept);
      } else {
        deleteTree(folder);
        lines.add(
            "removed "
                + folder
                + ", left by a run that was killed before its first repetition ended");
      }
    }
    return lines;
  }

  /** Deletes a folder and all in it. */
  public static void deleteTree(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
