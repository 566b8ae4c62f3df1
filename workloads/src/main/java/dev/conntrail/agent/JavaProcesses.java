package dev.conntrail.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How this program starts itself again. */
public final class JavaProcesses {
  private static final String MAIN = "dev.conntrail.cli.Conntrail";

  private JavaProcesses() {}

  /** The command that starts this program as an agent. */
  public static List<String> command(Role role) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(role.flags());
    String path = System.getProperty("java.class.path");
    if (role == Role.GUEST) {
      path = absolute(path); // it begins elsewhere
      command.addAll(archive(Path.of(path), false)); // and can write none
    } else {
      // a guest's children may write where it may
      command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
      command.addAll(archive(Path.of(path).toAbsolutePath(), true));
    }
    command.addAll(List.of("-cp", path, MAIN));
    command.addAll(role.arguments());
    return command;
  }

  private static String absolute(String classPath) {
    return Stream.of(classPath.split(":", -1))
        .map(p -> Path.of(p).toAbsolutePath().toString())
        .collect(Collectors.joining(":"));
  }

  /**
   * The command that starts a jar of this program as a user does.
   *
   * @param jar another than this; empty for this program
   */
  public static List<String> plain(Optional<Path> jar) {
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
   *
   * @param make whether it is made where it is not there
   */
  static List<String> archive(Path jar, boolean make) {
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
    boolean made = make && writable;
    if (!made && !Files.exists(archive)) {
      return List.of();
    }
    List<String> options =
        new ArrayList<>(
            List.of(
                "-XX:SharedArchiveFile=" + archive,
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off",
                "-Xlog:aot=off"));
    if (made) {
      options.add("-XX:+AutoCreateSharedArchive");
    }
    return options;
  }
}
