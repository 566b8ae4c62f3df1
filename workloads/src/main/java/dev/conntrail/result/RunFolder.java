package dev.conntrail.result;

import dev.conntrail.spec.CellId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * The paths of one run's folder. While the run goes on the folder's name ends in {@code .partial}.
 *
 * @param path the folder
 */
public record RunFolder(Path path) implements TableFolder {
  /** How the name of an unfinished folder ends. */
  public static final String PARTIAL = ".partial";

  /** How the name of a folder ends whose run was killed. */
  public static final String KILLED = ".killed";

  /** Whether it is a run's: it has a manifest, which a run that goes on has not. */
  public boolean exists() {
    return Files.isRegularFile(manifest());
  }

  /** Those that lie in a folder, in order of names; none if there is no such folder. */
  public static List<RunFolder> in(Path folder) throws IOException {
    return FileTrees.list(folder).stream().map(RunFolder::new).filter(RunFolder::exists).toList();
  }

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
    return new RunFolder(Files.move(path, renamed(""), StandardCopyOption.ATOMIC_MOVE));
  }

  /** Where an unfinished folder goes under a name that ends otherwise. */
  Path renamed(String end) {
    String name = path.getFileName().toString();
    return path.resolveSibling(name.substring(0, name.length() - PARTIAL.length()) + end);
  }

  /**
   * Moves a table away that an earlier version wrote, so that rows are not appended to columns of
   * another kind.
   *
   * @return where it is now; empty if it was not there, or has the columns of this version
   */
  public Optional<Path> setAside(Table<?> table) throws IOException {
    Path file = of(table);
    if (!Files.exists(file) || Csv.begins(file, table.type())) {
      return Optional.empty();
    }
    String name = table.file().replace(".csv", "");
    int free = 1;
    while (Files.exists(path.resolve(name + "-" + free + ".csv"))) {
      free++;
    }
    return Optional.of(Files.move(file, path.resolve(name + "-" + free + ".csv")));
  }

  /** Appends rows to a table. */
  public <R extends Record> void append(Table<R> table, List<R> rows) throws IOException {
    Csv.append(of(table), table.type(), rows);
  }

  /** The rows of a table; none if it is not there. */
  @Override
  public <R extends Record> List<R> rows(Table<R> table) throws IOException {
    return Files.exists(of(table)) ? Csv.read(of(table), table.type()) : List.of();
  }

  /** What was run, and how it ended. */
  public Path manifest() {
    return path.resolve("manifest.json");
  }

  /** On what. */
  public Path environment() {
    return path.resolve("environment.json");
  }

  /** The environment of a guest, where there was one. */
  public Path guestEnvironment() {
    return path.resolve("environment-uml.json");
  }

  /** The experiment as read. */
  public Path experiment() {
    return path.resolve("experiment.yaml");
  }

  /** What JMH wrote. */
  public Path jmh() {
    return path.resolve("jmh");
  }

  /** The report. */
  public Path report() {
    return path.resolve("report");
  }

  /** What the guest writes to while the run goes on. */
  public Path guest() {
    return path.resolve("guest");
  }

  /** Repetitions by cell. */
  public Path cells() {
    return path.resolve("cells");
  }

  /** The same packed in one file; where it is, nothing is read from {@link #cells}. */
  Path packedCells() {
    return path.resolve("cells.zip");
  }

  /** The folder of a repetition, to be written to. */
  public RepetitionFolder repetition(CellId cell, int number) {
    return new RepetitionFolder(cells().resolve(cell.word()).resolve(repetition(number)));
  }

  /** A file of a repetition, to be read: packed or not. */
  RawFile raw(String cell, int number, String name) {
    return Files.isRegularFile(packedCells())
        ? RawFile.in(packedCells(), cell + "/" + repetition(number) + "/" + name)
        : RawFile.of(cells().resolve(cell).resolve(repetition(number)).resolve(name));
  }

  private static String repetition(int number) {
    return "rep-%02d".formatted(number);
  }

  /** What load and echo wrote to standard error; made when it is asked for. */
  public Path logs() throws IOException {
    return Files.createDirectories(path.resolve("logs"));
  }

  /** Deletes the logs in which nothing was written. */
  public void dropEmptyLogs() throws IOException {
    for (Path file : FileTrees.list(logs())) {
      if (Files.size(file) == 0) {
        Files.delete(file);
      }
    }
  }
}
