package dev.conntrail.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The paths of one repetition.
 *
 * @param path its folder
 */
public record RepetitionFolder(Path path) {
  /** How the name of a folder ends whose repetition failed. */
  static final String FAILED = ".FAIL";

  static final String LATENCY = "latency.hlog";
  static final String RULES = "rules.txt";

  /** Renames the folder, so that it is seen to have failed, and writes down why. */
  public void fail(String why) throws IOException {
    Files.writeString(path.resolve("failure.txt"), why + "\n");
    Files.move(path, path.resolveSibling(path.getFileName() + FAILED));
  }

  /** A table. */
  public Path of(Table<?> table) {
    return path.resolve(table.file());
  }

  /** Writes a table. */
  public <R extends Record> void write(Table<R> table, List<R> rows) throws IOException {
    Csv.write(of(table), table.type(), rows);
  }

  /** The rows of a table. */
  public <R extends Record> List<R> rows(Table<R> table) throws IOException {
    return Csv.read(of(table), table.type());
  }

  /** Histograms of all clients. */
  public Path latency() {
    return path.resolve(LATENCY);
  }

  /** Rules as loaded, and as listed by the kernel. */
  public Path rules() {
    return path.resolve(RULES);
  }

  /** The kernel's connection table after the drain. */
  public Path conntrack() {
    return path.resolve("conntrack.txt");
  }

  /** ipvs's virtual servers and entries after the drain. */
  public Path ipvs() {
    return path.resolve("ipvs.txt");
  }

  /** Where a client's process writes, until its rows are merged. */
  public ClientFolder client(String name) {
    return new ClientFolder(path.resolve(name));
  }
}
