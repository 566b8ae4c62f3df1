package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.TestbedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Notes each cluster of kind before it is made, with the process that makes it, so that a later run
 * can delete what a killed one left, and only that.
 */
public final class KindRegistry {
  private static final String END = ".kind";
  private static final String KEPT = "kept";

  private KindRegistry() {}

  private static Path folder() {
    return Optional.ofNullable(System.getenv("XDG_STATE_HOME"))
        .filter(s -> !s.isEmpty())
        .map(Path::of)
        .orElse(Path.of(System.getProperty("user.home"), ".local", "state"))
        .resolve("conntrail");
  }

  static void register(String name, boolean keep) {
    try {
      Files.createDirectories(folder());
      Files.writeString(folder().resolve(name + END), (keep ? KEPT : self()) + "\n");
    } catch (IOException e) {
      throw new TestbedException("cannot write to " + folder() + ": " + e.getMessage(), e);
    }
  }

  static void forget(String name) {
    try {
      Files.deleteIfExists(folder().resolve(name + END));
    } catch (IOException e) {
      throw new TestbedException("cannot write to " + folder() + ": " + e.getMessage(), e);
    }
  }

  /** The clusters that were noted in files that are so. */
  private static List<String> noted(Predicate<Path> which) {
    if (!Files.isDirectory(folder())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .filter(f -> f.toString().endsWith(END))
          .filter(which)
          .map(f -> f.getFileName().toString().replace(END, ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new TestbedException("cannot read " + folder() + ": " + e.getMessage(), e);
    }
  }

  /** The clusters that this process has made and is to delete. */
  public static List<String> own() {
    return noted(f -> read(f).equals(self()));
  }

  private static String self() {
    long pid = ProcessHandle.current().pid();
    return pid + " " + TestbedRegistry.startOf(pid).orElse("");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException _) {
      return "";
    }
  }

  private static boolean isKept(Path file) {
    return read(file).equals(KEPT);
  }

  private static boolean alive(Path file) {
    String[] owner = read(file).split(" ", 2);
    try {
      return owner.length == 2
          && TestbedRegistry.startOf(Long.parseLong(owner[0])).filter(owner[1]::equals).isPresent();
    } catch (NumberFormatException _) {
      return false;
    }
  }

  /** Deletes clusters that killed runs left; a line for each. */
  public static List<String> clearKilled() {
    return clear(
        noted(f -> !isKept(f) && !alive(f)),
        "deleted the kind cluster %s, left by a run that was killed");
  }

  /** Deletes clusters that runs were told to keep; a line for each. */
  public static List<String> clearKept() {
    return clear(
        noted(KindRegistry::isKept), "deleted the kind cluster %s, which a run was told to keep");
  }

  private static List<String> clear(List<String> names, String said) {
    List<String> lines = new ArrayList<>();
    if (names.isEmpty()) {
      return lines;
    }
    if (Programs.find("kind").isEmpty()
        || Programs.attempt(List.of("docker", "info"), "", Programs.SHORT).exitCode() != 0) {
      lines.add(
          "left alone, for kind or Docker does not answer: clusters " + String.join(", ", names));
      return lines;
    }
    for (String name : names) {
      KindCluster.deleteByName(name);
      lines.add(said.formatted(name));
    }
    return lines;
  }
}
