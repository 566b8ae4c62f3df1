package dev.conntrail.jmh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/**
 * A benchmark with one value of each parameter that is chosen.
 *
 * @param benchmark name of its class
 * @param values by parameter
 */
record Choice(String benchmark, Map<String, String> values) {
  /** The choices of a benchmark, before any parameter is chosen. */
  static Sweep sweep(Class<?> benchmark) {
    return new Sweep(List.of(new Choice(benchmark.getSimpleName(), Map.of())));
  }

  /**
   * Choices that differ in some parameters.
   *
   * @param choices all of them
   */
  record Sweep(List<Choice> choices) {
    /** Each of these with each value, joined by commas, of one parameter more. */
    Sweep over(String parameter, String values) {
      List<Choice> more = new ArrayList<>();
      for (Choice choice : choices) {
        for (String value : values.split(",", -1)) {
          more.add(choice.with(parameter, value));
        }
      }
      return new Sweep(more);
    }
  }

  private Choice with(String parameter, String value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(parameter, value);
    return new Choice(benchmark, more);
  }

  /** Options that run this and nothing else. */
  ChainedOptionsBuilder on(ChainedOptionsBuilder options) {
    options.include("\\." + benchmark + "\\.");
    values.forEach(options::param);
    return options;
  }

  /** As a line of progress has it. */
  String title() {
    return benchmark.replace("Benchmark", "")
        + values.entrySet().stream()
            .map(e -> " " + e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining());
  }
}
