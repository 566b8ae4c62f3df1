package dev.conntrail.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How this program starts itself again, as echo, as load or as timer. */
public final class JavaProcesses {
  /**
   * Small heaps and one collector thread: the processes share few cores with the kernel that they
   * measure.
   */
  static final List<String> FLAGS =
      List.of(
          "-Xms256m",
          "-Xmx1g",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-XX:TieredStopAtLevel=1",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private static final String MAIN = "dev.conntrail.cli.Conntrail";

  private JavaProcesses() {}

  /** The command that starts this program with other arguments. */
  public static List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(archive(Path.of(System.getProperty("java.class.path")).toAbsolutePath()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(arguments);
    return command;
  }

  /**
   * The command that starts a jar of this program as a user does.
   *
   * @param jar another than this; empty for this program
   */
  static List<String> plain(Optional<Path> jar) {
    String path = System.getProperty("java.class.path");
    Optional<String> one =
        jar.map(Path::toString)
            .or(() -> Optional.of(path).filter(p -> p.endsWith(".jar") && !p.contains(":")));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(one.map(j -> List.of("-jar", j)).orElseGet(() -> List.of("-cp", path, MAIN)));
    return command;
  }

  /**
   * A class-data archive beside the jar, made by the first process that ends: it halves the start
   * of the next. One that was made of another jar is of no use, and Java does not make it anew.
   */
  static List<String> archive(Path jar) {
    if (!jar.endsWith("workloads.jar") || !Files.isRegularFile(jar)) {
      return List.of();
    }
    Path archive = jar.resolveSibling("workloads.jsa");
    boolean writable = Files.isWritable(jar.getParent());
    try {
      if (writable
          && Files.exists(archive)
          && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0) {
        Files.delete(archive);
      }
    } catch (IOException _) {
      // another process did it
    }
    if (!writable && !Files.exists(archive)) {
      return List.of();
    }
    List<String> options =
        new ArrayList<>(
            List.of(
                "-XX:SharedArchiveFile=" + archive,
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off",
                "-Xlog:aot=off"));
    if (writable) {
      options.add("-XX:+AutoCreateSharedArchive");
    }
    return options;
  }
}
