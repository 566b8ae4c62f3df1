package dev.conntrail.report;

import dev.conntrail.result.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads JMH's own JSON. */
final class Jmh {
  /**
   * A score.
   *
   * @param benchmark class and method
   * @param parameters {@code k=v}, joined
   * @param score with its unit
   * @param error half width of JMH's 99.9 % interval, with its unit
   */
  public record Score(String benchmark, String parameters, String score, String error) {}

  private Jmh() {}

  static List<Score> read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Score> scores = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(f -> f.toString().endsWith(".json")).sorted().toList();
    }
    for (Path file : files) {
      for (Object item : Json.read(file, List.class)) {
        if (item instanceof Map<?, ?> result
            && result.get("primaryMetric") instanceof Map<?, ?> metric) {
          String name = String.valueOf(result.get("benchmark"));
          String unit = " " + metric.get("scoreUnit");
          String parameters =
              result.get("params") instanceof Map<?, ?> p
                  ? String.join(
                      ", ",
                      p.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList())
                  : "";
          scores.add(
              new Score(
                  name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
                  parameters,
                  number(metric.get("score")) + unit,
                  "± " + number(metric.get("scoreError"))));
        }
      }
    }
    return scores;
  }

  private static String number(Object value) {
    return value instanceof Number n ? Text.number(n.doubleValue()) : "NA";
  }
}
