package dev.conntrail.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds results/README.md to the code: every table, every column, in order, and nothing else. */
class DictionaryTest {
  private static final Path DICTIONARY = Path.of("../results/README.md");
  private static final Set<String> UNITS = Set.of("ns", "ms", "s", "bytes", "pct", "count");

  private static final Map<String, Class<? extends Record>> TABLES =
      Map.ofEntries(
          Map.entry("index.csv", Rows.Index.class),
          Map.entry("cells.csv", Rows.Cells.class),
          Map.entry("summary.csv", Rows.Summary.class),
          Map.entry("distribution.csv", Rows.Distribution.class),
          Map.entry("verdicts.csv", Rows.Verdict.class),
          Map.entry("connections.csv", Rows.Connection.class),
          Map.entry("disagreements.csv", Rows.Disagreement.class),
          Map.entry("events.csv", Rows.Event.class),
          Map.entry("changes.csv", Rows.Change.class),
          Map.entry("effects.csv", Rows.Effect.class),
          Map.entry("clocks.csv", Rows.Clock.class),
          Map.entry("installs.csv", Rows.Install.class),
          Map.entry("kernel.csv", Rows.Kernel.class),
          Map.entry("jmh.csv", Rows.Jmh.class),
          Map.entry("growth.csv", Rows.Growth.class),
          Map.entry("intervals.csv", Rows.Interval.class),
          Map.entry("pods_over_time.csv", PodsOverTime.class),
          Map.entry("errors.csv", Rows.Failure.class),
          Map.entry("counters.csv", Rows.Counter.class),
          Map.entry("echo.csv", Rows.EchoConnection.class));

  @Test
  void everyColumnIsExplainedInOrder() throws IOException {
    Map<String, List<String>> documented = new LinkedHashMap<>();
    List<String> columns = List.of();
    for (String line : Files.readAllLines(DICTIONARY)) {
      Matcher heading = Pattern.compile("^### `([a-z_]+\\.csv)`").matcher(line);
      Matcher row = Pattern.compile("^\\| `([a-z0-9_]+)` \\| (.+) \\|$").matcher(line);
      if (heading.find()) {
        columns = new ArrayList<>();
        documented.put(heading.group(1), columns);
      } else if (row.find()) {
        columns.add(row.group(1));
        assertThat(row.group(2)).as(row.group(1)).hasSizeGreaterThan(7);
      }
    }
    Map<String, List<String>> expected = new LinkedHashMap<>();
    TABLES.forEach((file, type) -> expected.put(file, Csv.columns(type)));
    assertThat(documented).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void everyTableIsListedAbove() {
    assertThat(List.<Class<?>>copyOf(TABLES.values())).contains(Rows.class.getDeclaredClasses());
  }

  @Test
  void measuredColumnsEndInAUnit() {
    Set<String> without =
        Set.of(
            "chi_square",
            "p_value",
            "p_adjusted",
            "max_over_mean",
            "max_over_mean_expected",
            "jain",
            "r2",
            "largest_over_smallest",
            "value");
    for (Class<? extends Record> type : TABLES.values()) {
      List<String> columns = Csv.columns(type);
      for (int i = 0; i < columns.size(); i++) {
        String column = columns.get(i);
        boolean measured = type.getRecordComponents()[i].getType() == double.class;
        String unit = column.substring(column.lastIndexOf('_') + 1);
        assertThat(
                !measured
                    || without.contains(column)
                    || column.endsWith("_per_s")
                    || UNITS.contains(unit))
            .as(type.getSimpleName() + "." + column)
            .isTrue();
      }
    }
  }
}
