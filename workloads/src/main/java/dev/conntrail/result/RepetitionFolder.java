package dev.conntrail.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The paths of one repetition.
 *
 * @param path its folder
 */
public record RepetitionFolder(Path path) implements TableFolder {
  /** How the name of a folder ends whose repetition failed. */
  static final String FAILED = ".FAIL";

  static final String LATENCY = "latency.hlog";
  static final String DUE = "due.hlog";
  static final String RULES = "rules.txt";
  static final String CONNTRACK = "conntrack.txt";

  /** Renames the folder, so that it is seen to have failed, and writes down why. */
  public void fail(String why) throws IOException {
    Files.writeString(path.resolve("failure.txt"), why + "\n");
    Files.move(path, path.resolveSibling(path.getFileName() + FAILED));
  }

  /** Histograms of all clients. */
  public Path latency() {
    return path.resolve(LATENCY);
  }

  /** Response times of all clients by when requests were due; of cells with events. */
  public Path due() {
    return path.resolve(DUE);
  }

  /** Rules as loaded, and as listed by the kernel. */
  public Path rules() {
    return path.resolve(RULES);
  }

  /** The kernel's connection table after the drain. */
  public Path conntrack() {
    return path.resolve(CONNTRACK);
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
