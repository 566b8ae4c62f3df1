package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.record.Quantiles;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/** What README.md and docs/method.md say of the event loop is in the files of results/peers. */
class MeasuredTablesTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern NUMBER = Pattern.compile("\\d[\\d,]*(?:\\.\\d+)?");

  /** The measurements of one kind, in their order. */
  private static List<CSVRecord> measured(String file) throws IOException {
    try (Reader reader = Files.newBufferedReader(ROOT.resolve("results/peers/" + file))) {
      CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
      return format.parse(reader).getRecords();
    }
  }

  /** The cells below a table's heading. */
  private static List<List<String>> table(String page, String heading) throws IOException {
    List<String> lines = Files.readAllLines(ROOT.resolve(page));
    assertThat(lines).as("the table of " + page).containsOnlyOnce(heading);
    return lines.stream()
        .skip(lines.indexOf(heading) + 2L)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
        .map(cells -> cells.subList(1, cells.size() - 1))
        .toList();
  }

  private static double number(CSVRecord row, String column) {
    return Double.parseDouble(row.get(column));
  }

  private static Map<String, List<CSVRecord>> by(Stream<CSVRecord> rows, String column) {
    return rows.collect(
        Collectors.groupingBy(r -> r.get(column), LinkedHashMap::new, Collectors.toList()));
  }

  /** All numbers of a cell, each a value rounded as it is written, or to {@code unit}. */
  private static void says(double unit, String cell, double... values) {
    List<String> numbers = NUMBER.matcher(cell).results().map(MatchResult::group).toList();
    assertThat(numbers).as(cell).hasSize(values.length);
    for (int i = 0; i < values.length; i++) {
      String number = numbers.get(i);
      int point = number.indexOf('.');
      double last = point < 0 ? unit : Math.pow(10, point + 1 - number.length());
      assertThat(Double.parseDouble(number.replace(",", "")))
          .as(cell)
          .isCloseTo(values[i], within(last / 2 + 1e-9));
    }
  }

  private static void says(String cell, double... values) {
    says(1, cell, values);
  }

  /** Median, least and greatest. */
  private static double[] spread(List<CSVRecord> rows, ToDoubleFunction<CSVRecord> of) {
    return spread(rows.stream().mapToDouble(of));
  }

  private static double[] spread(DoubleStream of) {
    double[] values = of.sorted().toArray();
    return new double[] {Quantiles.median(values), values[0], values[values.length - 1]};
  }

  private static double median(List<CSVRecord> rows, String column) {
    return spread(rows, r -> number(r, column))[0];
  }

  /** Conntrail was measured anew beside each of the others. */
  @Test
  void theClientBesideOthers() throws IOException {
    List<List<String>> table =
        table(
            "README.md",
            "| protocol | Conntrail | peer | median of paired ratios (least to greatest) |");
    Map<String, List<CSVRecord>> measured =
        measured("clients.csv").stream()
            .collect(
                Collectors.groupingBy(
                    r -> r.get("protocol") + " " + r.get("pair"),
                    LinkedHashMap::new,
                    Collectors.toList()));
    assertThat(table).hasSameSizeAs(measured.keySet());
    String protocol = "";
    for (List<String> cells : table) {
      protocol = cells.get(0).isEmpty() ? protocol : cells.get(0);
      String peer = cells.get(2).replaceFirst("(,.*)? [\\d,]+$", "");
      assertThat(measured).containsKey(protocol + " " + peer);
      Map<String, List<CSVRecord>> sides =
          by(measured.remove(protocol + " " + peer).stream(), "peer");
      Map<String, List<CSVRecord>> ours = by(sides.get("conntrail").stream(), "round");
      List<CSVRecord> theirs = sides.get(peer);
      assertThat(by(theirs.stream(), "round").keySet()).isEqualTo(ours.keySet());
      says(1000, cells.get(1), median(sides.get("conntrail"), "per_cpu_s"));
      says(
          1000, cells.get(2).substring(cells.get(2).lastIndexOf(' ')), median(theirs, "per_cpu_s"));
      says(
          cells.get(3),
          spread(
              theirs,
              r ->
                  number(ours.get(r.get("round")).getFirst(), "per_cpu_s")
                      / number(r, "per_cpu_s")));
    }
  }

  @Test
  void whereTheCpuGoes() throws IOException {
    List<List<String>> table =
        table(
            "docs/method.md",
            "| protocol | calls of the kernel a request: send, receive, wait | in the kernel, % |"
                + " send | (the server's side) | receive | wait | other | own code, % | framing,"
                + " callers | recording | ledger | way to calls | loop | C library, JVM, clock, % |");
    List<CSVRecord> measured = measured("profile.csv");
    assertThat(table)
        .extracting(List::getFirst)
        .isEqualTo(measured.stream().map(r -> r.get("protocol")).toList());
    for (int i = 0; i < table.size(); i++) {
      List<String> cells = table.get(i);
      CSVRecord row = measured.get(i);
      says(
          cells.get(1),
          number(row, "send_calls"),
          number(row, "receive_calls"),
          number(row, "wait_calls"));
      List<List<String>> sums =
          List.of(
              List.of("send", "receive", "wait", "other"),
              List.of("send"),
              List.of("delivered"),
              List.of("receive"),
              List.of("wait"),
              List.of("other"),
              List.of("framing", "callers", "recording", "ledger", "calls", "loop"),
              List.of("framing", "callers"),
              List.of("recording"),
              List.of("ledger"),
              List.of("calls"),
              List.of("loop"),
              List.of("c_library", "jvm", "clock"));
      for (int j = 0; j < sums.size(); j++) {
        double share = sums.get(j).stream().mapToDouble(s -> number(row, s + "_pct")).sum();
        says(cells.get(j + 2), share);
      }
    }
  }

  @Test
  void howLateItSends() throws IOException {
    List<List<String>> table =
        table(
            "docs/method.md",
            "| protocol | a second, closed loop | an open one keeps up with | due | send lag p50,"
                + " µs | p99, µs | longest, µs | the machine's own p99, µs |");
    Map<String, List<CSVRecord>> measured = by(measured("lag.csv").stream(), "protocol");
    assertThat(table).extracting(List::getFirst).isEqualTo(List.copyOf(measured.keySet()));
    for (List<String> cells : table) {
      List<CSVRecord> rows = measured.get(cells.getFirst());
      says(cells.get(1), median(rows, "closed_per_s"));
      says(cells.get(2), median(rows, "open_per_s"));
      says(cells.get(3), median(rows, "due_per_s"));
      says(cells.get(4), median(rows, "send_lag_p50_ns") / 1000);
      says(cells.get(5), spread(rows, r -> number(r, "send_lag_p99_ns") / 1000));
      says(cells.get(6), spread(rows, r -> number(r, "send_lag_max_ns") / 1000));
      says(cells.get(7), spread(rows, r -> number(r, "machine_p99_ns") / 1000));
    }
  }
}
