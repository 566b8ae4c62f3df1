package dev.conntrail.site;

import dev.conntrail.record.Metric;
import dev.conntrail.result.Environment;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.Json;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Result folders of literal runs of one experiment, one a day. */
final class PastRuns {
  /** On what all of them were made. */
  static final Environment MACHINE =
      new Environment(
          "0.1.0",
          "0123456789",
          "Java 25",
          List.of(),
          "Linux",
          "6.1.0",
          "CPU <of> tests",
          2,
          8L << 30,
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of());

  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  private final Path results;

  PastRuns(Path results) {
    this.results = results;
  }

  /** The name of a run. */
  static String name(int day) {
    return "ct%06x".formatted(day);
  }

  /** Its name in the site. */
  static String id(int day) {
    return FIRST.plus(Duration.ofDays(day)).toString().replaceAll("[-:]", "") + "-" + name(day);
  }

  /** One whose responses of both cells took so long. */
  RunFolder run(int day, double responseMs) throws IOException {
    return run(
        day,
        run -> {
          for (int cell : List.of(1, 2)) {
            run.repetition(cell).times(Metric.RESPONSE, responseMs, 1000);
          }
        });
  }

  /** One of which a test says what it is about. */
  RunFolder run(int day, Consumer<TestRun> about) throws IOException {
    TestRun run =
        TestRun.ofCells(
            results.resolve("day-" + day),
            "protocol: [http1, short-lived], connections: 6, pods: 5, rate: 100");
    about.accept(run);
    RunFolder folder = run.fill().write();
    Json.write(folder.environment(), MACHINE);
    for (Path file : FileTrees.list(folder.path())) {
      if (file.toString().matches(".*\\.(csv|json)")) {
        Files.writeString(
            file,
            Files.readString(file)
                .replace(TestRun.RUN, name(day))
                .replace(FIRST.toString(), FIRST.plus(Duration.ofDays(day)).toString()));
      }
    }
    return folder;
  }
}
