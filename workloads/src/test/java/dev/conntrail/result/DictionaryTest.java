package dev.conntrail.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.row.Cause;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.Named;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds results/README.md to the code: every table, every column, in order, and nothing else. */
class DictionaryTest {
  private static final Path DICTIONARY = Path.of("../results/README.md");
  private static final Pattern TABLE = Pattern.compile("^### `([a-z_]+\\.csv)`.*");
  private static final Pattern COLUMN = Pattern.compile("^\\| `([a-z0-9_]+)` \\| (.+) \\|$");

  /** A meaning that stands elsewhere. */
  private static final Pattern ELSEWHERE = Pattern.compile("as in `([a-z_]+\\.csv)`");

  private static final Set<String> UNITS = Set.of("ns", "ms", "s", "bytes", "pct", "count", "mhz");

  /** Measured columns without a unit: what they are has none. */
  private static final Set<String> PURE =
      Set.of(
          "pooled_chi_square",
          "pooled_p",
          "pooled_p_adjusted",
          "stratified_chi_square",
          "stratified_p",
          "stratified_p_adjusted",
          "p",
          "p_adjusted",
          "max_over_mean",
          "max_over_mean_expected",
          "max_over_mean_before",
          "max_over_mean_balanced",
          "busiest_proxy_over_mean",
          "busiest_proxy_expected",
          "to_proxy_requests_per_connection",
          "to_proxy_connections_max_over_mean",
          "to_proxy_requests_max_over_mean",
          "to_pod_requests_per_connection",
          "to_pod_connections_max_over_mean",
          "to_pod_requests_max_over_mean",
          "age_p",
          "age_p_adjusted",
          "herd_p",
          "herd_p_adjusted",
          "proxies_p",
          "proxies_p_adjusted",
          "jain",
          "fit_line_p",
          "fit_other_p",
          "ratio",
          "ratio_low",
          "ratio_high",
          "value");

  /** Meanings by table and column, in order. */
  private static Map<String, Map<String, String>> documented() throws IOException {
    Map<String, Map<String, String>> tables = new LinkedHashMap<>();
    Map<String, String> columns = Map.of();
    for (String line : Files.readAllLines(DICTIONARY)) {
      Matcher heading = TABLE.matcher(line);
      Matcher row = COLUMN.matcher(line);
      if (heading.matches()) {
        columns = new LinkedHashMap<>();
        tables.put(heading.group(1), columns);
      } else if (line.startsWith("#")) {
        columns = new LinkedHashMap<>();
      } else if (row.matches()) {
        columns.put(row.group(1), row.group(2));
      }
    }
    return tables;
  }

  @Test
  void everyColumnIsExplainedInOrder() throws IOException {
    Map<String, List<String>> found = new LinkedHashMap<>();
    documented().forEach((file, columns) -> found.put(file, List.copyOf(columns.keySet())));
    Map<String, List<String>> expected = new LinkedHashMap<>();
    Tables.all().forEach(table -> expected.put(table.file(), Csv.columns(table.type())));
    assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach((file, columns) -> assertThat(found.get(file)).as(file).isEqualTo(columns));
    documented()
        .forEach((file, columns) ->
            columns.forEach((column, meaning) ->
                assertThat(meaning).as(file + " " + column).hasSizeGreaterThan(7)));
  }

  @Test
  void everyFieldOfAnAbIsNamed() throws IOException {
    String readme = Files.readString(DICTIONARY);
    assertThat(AbManifest.class.getRecordComponents())
        .allSatisfy(field -> assertThat(readme).contains("`" + field.getName() + "`"));
  }

  /** Every word that may stand in a column, in backticks; or the table where they are listed. */
  @Test
  void theWordsOfAColumnAreListed() throws IOException {
    Map<String, Map<String, String>> documented = documented();
    for (Table<?> table : Tables.all()) {
      List<Type> types = Csv.types(table.type());
      for (int i = 0; i < types.size(); i++) {
        String column = Csv.columns(table.type()).get(i);
        List<String> words = words(types.get(i));
        assertThat(meaning(documented, table.file(), column, words))
            .as(table.file() + " " + column)
            .satisfies(m -> words.forEach(w -> assertThat(m).contains("`" + w + "`")));
      }
    }
  }

  private static String meaning(
      Map<String, Map<String, String>> documented, String file, String column, List<String> words) {
    String own = documented.get(file).get(column);
    Matcher elsewhere = ELSEWHERE.matcher(own);
    return !words.isEmpty() && elsewhere.find()
        ? documented.get(elsewhere.group(1)).get(column)
        : own;
  }

  private static List<String> words(Type type) {
    return switch (type) {
      case ParameterizedType p -> words(p.getActualTypeArguments()[0]);
      case Class<?> c when c == Cause.class ->
          Stream.concat(Stream.of("idle"), Named.words(EventKind.class).stream()).toList();
      case Class<?> c when c.isEnum() ->
          Arrays.stream(c.getEnumConstants()).map(e -> ((Named) e).word()).toList();
      default -> List.of();
    };
  }

  @Test
  void measuredColumnsEndInAUnit() {
    List<String> without = new ArrayList<>();
    for (Table<?> table : Tables.all()) {
      List<String> columns = Csv.columns(table.type());
      List<Type> types = Csv.types(table.type());
      for (int i = 0; i < columns.size(); i++) {
        String column = columns.get(i);
        String unit = column.substring(column.lastIndexOf('_') + 1);
        if (types.get(i) == double.class
            && !PURE.contains(column)
            && !column.endsWith("_per_s")
            && !UNITS.contains(unit)) {
          without.add(table.file() + " " + column);
        }
      }
    }
    assertThat(without).isEmpty();
  }

  /** What joins tables stands first, under the same name. */
  @Test
  void everyTableOfARunNamesTheRun() {
    assertThat(
            Tables.all().stream()
                .filter(t -> !t.is(Tables.INDEX))
                .collect(Collectors.toMap(Table::file, t -> Csv.columns(t.type()).getFirst())))
        .allSatisfy((file, column) -> assertThat(column).as(file).isEqualTo("run"));
  }
}
