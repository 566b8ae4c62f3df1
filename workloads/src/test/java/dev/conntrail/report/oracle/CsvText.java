package dev.conntrail.report.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables of a result folder as text, read and written without any of the program's own code.
 */
final class CsvText {
  private final Map<String, List<String>> headers = new TreeMap<>();
  private final Map<String, List<Map<String, String>>> tables = new TreeMap<>();

  /** Tables of repetitions, by cell and repetition ({@code 1a2b3c4d/rep-01}), then by name. */
  private final Map<String, Map<String, String>> raw = new TreeMap<>();

  private String manifest;

  /** The folder of repetitions; there may be none. */
  private Path cells;

  private CsvText() {}

  /** Reads all CSV files of a folder and of its repetitions, and its manifest. */
  static CsvText read(Path folder) throws IOException {
    CsvText text = new CsvText();
    text.cells = folder.resolve("cells");
    if (Files.exists(text.cells)) {
      try (Stream<Path> files = Files.walk(text.cells)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".csv")).toList()) {
          text.raw
              .computeIfAbsent(
                  text.cells.relativize(file.getParent()).toString(), _ -> new TreeMap<>())
              .put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".csv")).toList()) {
        text.read(file.getFileName().toString().replace(".csv", ""), Files.readAllLines(file));
      }
    }
    text.manifest = Files.readString(folder.resolve("manifest.json"));
    return text;
  }

  private void read(String table, List<String> lines) {
    List<String> header = split(lines.getFirst());
    headers.put(table, header);
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> values = split(line);
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < header.size(); i++) {
        row.put(header.get(i), values.get(i));
      }
      rows.add(row);
    }
    tables.put(table, rows);
  }

  private static List<String> split(String line) {
    List<String> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        values.add(value.toString());
        value.setLength(0);
      } else {
        value.append(c);
      }
    }
    values.add(value.toString());
    return values;
  }

  /** A copy that may be altered. */
  CsvText copy() {
    CsvText copy = new CsvText();
    copy.headers.putAll(headers);
    copy.raw.putAll(raw);
    copy.manifest = manifest;
    copy.cells = cells;
    tables.forEach((name, rows) ->
        copy.tables.put(
            name,
            rows.stream()
                .map(LinkedHashMap::new)
                .collect(Collectors.toCollection(ArrayList::new))));
    return copy;
  }

  /** Writes a folder; files of repetitions, which are not altered, are those that were read. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, List<Map<String, String>>> table : tables.entrySet()) {
      List<String> lines = new ArrayList<>();
      lines.add(String.join(",", headers.get(table.getKey())));
      table.getValue().forEach(row -> lines.add(line(row)));
      Files.write(folder.resolve(table.getKey() + ".csv"), lines);
    }
    if (Files.exists(cells)) {
      Files.createSymbolicLink(folder.resolve("cells"), cells);
    }
    Files.writeString(folder.resolve("manifest.json"), manifest);
  }

  /** Lines of a table of a repetition, without the first. */
  List<String> raw(String cellId, long repetition, String table) {
    String text =
        raw.getOrDefault(cellId + "/rep-%02d".formatted(repetition), Map.of())
            .getOrDefault(table + ".csv", "");
    return text.lines().skip(1).toList();
  }

  private static String line(Map<String, String> row) {
    return row.values().stream()
        .map(v -> v.indexOf(',') >= 0 ? '"' + v + '"' : v)
        .collect(Collectors.joining(","));
  }

  /** The rows of a table. */
  List<Map<String, String>> rows(String table) {
    return tables.get(table);
  }

  /** Changes some rows of a table. */
  CsvText change(
      String table, Predicate<Map<String, String>> which, Consumer<Map<String, String>> change) {
    rows(table).stream().filter(which).forEach(change);
    return this;
  }

  /** Takes rows out. */
  CsvText drop(String table, Predicate<Map<String, String>> which) {
    rows(table).removeIf(which);
    return this;
  }

  String manifest() {
    return manifest;
  }

  CsvText manifest(String from, String to) {
    manifest = manifest.replace(from, to);
    return this;
  }

  /** A figure; not a number where it is missing. */
  static double number(Map<String, String> row, String column) {
    String text = row.get(column);
    if (text == null) {
      throw new UncheckedIOException(
          new IOException("no column " + column + " in " + row.keySet()));
    }
    return text.equals("NA") ? Double.NaN : Double.parseDouble(text);
  }

  /** A count. */
  static long count(Map<String, String> row, String column) {
    return Math.round(number(row, column));
  }
}
