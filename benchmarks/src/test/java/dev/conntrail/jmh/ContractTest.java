package dev.conntrail.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What the report of {@code workloads} reads is what the benchmarks write: the golden file, which
 * its tests read, holds every benchmark that says which packet it measures, with every word of the
 * parameters by which the report draws.
 */
class ContractTest {
  private static final Pattern RESULT =
      Pattern.compile("\"benchmark\": \"([^\"]+)\".*?\"params\": \\{([^}]*)\\}");
  private static final Pattern PARAMETER = Pattern.compile("\"([^\"]+)\": \"([^\"]*)\"");

  /** Parameters whose values are words of the report. */
  private static final List<String> WORDS = List.of("packet", "mode", "target", "table");

  private record Written(String benchmark, Map<String, String> parameters) {}

  private static String golden() throws IOException {
    try (InputStream in = ContractTest.class.getResourceAsStream("/golden/jmh/benchmarks.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<Written> written() throws IOException {
    return RESULT
        .matcher(golden())
        .results()
        .map(r ->
            new Written(
                r.group(1),
                PARAMETER
                    .matcher(r.group(2))
                    .results()
                    .collect(Collectors.toMap(m -> m.group(1), m -> m.group(2)))))
        .toList();
  }

  /** Benchmarks that say which packet they measure, with the values of their parameters. */
  private static Map<String, Map<String, Set<String>>> declared() {
    Map<String, Map<String, Set<String>>> declared = new TreeMap<>();
    for (BenchmarkListEntry entry :
        BenchmarkList.defaultList()
            .getAll(
                OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
                List.of())) {
      Map<String, String[]> parameters = entry.getParams().orElse(Map.of());
      if (parameters.containsKey("packet")) {
        declared.put(
            entry.getUsername(),
            parameters.entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey, e -> Set.copyOf(Arrays.asList(e.getValue())))));
      }
    }
    return declared;
  }

  @Test
  void theReportsBenchmarksAreThoseThatThereAre() throws IOException {
    Map<String, Map<String, Set<String>>> declared = declared();
    List<Written> written = written();
    assertThat(declared).hasSize(3);
    assertThat(written.stream().map(Written::benchmark).distinct())
        .containsExactlyInAnyOrderElementsOf(declared.keySet());
    assertThat(written)
        .allSatisfy(w ->
            assertThat(w.parameters().keySet())
                .as(w.benchmark())
                .isEqualTo(declared.get(w.benchmark()).keySet()));
    declared.forEach((benchmark, parameters) ->
        WORDS.stream()
            .filter(parameters::containsKey)
            .forEach(word ->
                assertThat(values(written, benchmark, word))
                    .as(benchmark + " " + word)
                    .isEqualTo(parameters.get(word))));
  }

  private static Set<String> values(List<Written> written, String benchmark, String parameter) {
    return written.stream()
        .filter(w -> w.benchmark().equals(benchmark))
        .map(w -> w.parameters().get(parameter))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void whatRanBesideStandsUnderTheNamesOfTheReport() throws IOException {
    assertThat(golden()).contains('"' + OtherWork.OTHER_CPU + '"', '"' + OtherWork.STEAL + '"');
    assertThat(OtherWork.FREQUENCY).isEqualTo("beside.frequency");
  }

  @Test
  void everyProfileNamesParametersAndWordsThatThereAre() {
    Map<String, Map<String, Set<String>>> declared = declared();
    for (Profile profile : Profile.values()) {
      assertThat(profile.judged()).isNotEmpty().doesNotHaveDuplicates();
      for (Choice choice : profile.judged()) {
        Map<String, Set<String>> parameters =
            declared.entrySet().stream()
                .filter(e -> e.getKey().contains("." + choice.benchmark() + "."))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        assertThat(parameters.keySet()).containsAll(choice.values().keySet());
        assertThat(choice.values())
            .allSatisfy((name, value) -> {
              if (WORDS.contains(name)) {
                assertThat(parameters.get(name)).contains(value);
              }
            });
      }
    }
  }

  /** A ratio takes the same numbers of Services on both sides. */
  @Test
  void whatCalibrateMeasuresIsMeasuredToo() throws IOException {
    Properties services = new Properties();
    try (InputStream in =
        ContractTest.class.getResourceAsStream("/golden/jmh/services.properties")) {
      services.load(in);
    }
    assertThat(services).hasSize(2);
    services.forEach((mode, numbers) ->
        assertThat(
                Profile.QUICK.judged().stream()
                    .filter(c ->
                        mode.equals(c.values().get("mode"))
                            && "last".equals(c.values().get("target")))
                    .map(c -> c.values().get("services"))
                    .collect(Collectors.joining(",")))
            .as("%s", mode)
            .isEqualTo(numbers));
  }
}
