package dev.conntrail.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** scripts/verify-results.py for tests, and what they alter in a run's folder. */
final class VerifyScript {
  private VerifyScript() {}

  /**
   * What it said.
   *
   * @param code with which it ended
   */
  record Said(int code, List<String> lines) {}

  /** Runs it. */
  static Said on(Path folder) throws IOException, InterruptedException {
    Process script =
        new ProcessBuilder("python3", "../scripts/verify-results.py", folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(script.waitFor(), said.lines().toList());
  }

  /** Copies a folder, and returns the copy. */
  static Path copy(Path folder, Path copy) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.toList()) {
        Files.copy(file, copy.resolve(folder.relativize(file).toString()));
      }
    }
    return copy;
  }

  /** A file somewhere below a folder. */
  static Path find(Path folder, String name) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(f -> f.endsWith(name)).findFirst().orElseThrow();
    }
  }

  /**
   * Alters a value of a table: in the last row in which that is so.
   *
   * @return the new value
   */
  static String alter(Path file, String column, Predicate<String> which, UnaryOperator<String> to)
      throws IOException {
    List<String> lines = Files.readAllLines(file);
    int at = List.of(lines.getFirst().split(",")).indexOf(column);
    int line = lines.size() - 1;
    while (!which.test(lines.get(line).split(",")[at])) {
      line--;
    }
    String[] row = lines.get(line).split(",");
    row[at] = to.apply(row[at]);
    lines.set(line, String.join(",", row));
    Files.write(file, lines);
    return row[at];
  }
}
