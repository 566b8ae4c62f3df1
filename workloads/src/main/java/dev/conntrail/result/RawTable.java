package dev.conntrail.result;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A CSV file as text.
 *
 * @param file where it is, for messages
 * @param header names of its columns
 * @param lines its rows
 */
record RawTable(RawFile file, List<String> header, List<Line> lines) {
  /** A row, with its line in the file. */
  record Line(long number, List<String> values) {}

  boolean has(String column) {
    return header.contains(column);
  }

  /**
   * Looks for columns.
   *
   * @throws IOException naming the first that is not there
   */
  void needs(String... columns) throws IOException {
    for (String column : columns) {
      if (!has(column)) {
        throw new IOException(file + ":1: found no column '" + column + "'");
      }
    }
  }

  /** Whether a row has a value in a column. */
  boolean tells(String column) {
    int at = header.indexOf(column);
    return at >= 0
        && (lines.isEmpty()
            || lines.stream()
                .anyMatch(
                    l -> l.values().size() > at && !l.values().get(at).equals(Values.MISSING)));
  }

  /** The same with a column under another name; the same table if it has none of that name. */
  RawTable renamed(String from, String to) {
    return new RawTable(file, header.stream().map(h -> h.equals(from) ? to : h).toList(), lines);
  }

  /** The same with a column more, which each row has from its others by name. */
  RawTable with(String column, Function<Map<String, String>, String> value) {
    List<String> names = new ArrayList<>(header);
    int at = names.indexOf(column);
    if (at < 0) {
      names.add(column);
    }
    List<Line> changed = new ArrayList<>();
    for (Line line : lines) {
      List<String> values = new ArrayList<>(line.values());
      if (values.size() == header.size()) {
        String text = value.apply(byName(line));
        if (at < 0) {
          values.add(text);
        } else {
          values.set(at, text);
        }
      }
      changed.add(new Line(line.number(), values));
    }
    return new RawTable(file, List.copyOf(names), changed);
  }

  /** The same with a column more of one value, unless it has it. */
  RawTable orWith(String column, String value) {
    return has(column) ? this : with(column, _ -> value);
  }

  /** The same with a column more without values, unless it has it. */
  RawTable orMissing(String column) {
    return orWith(column, Values.MISSING);
  }

  /** Whether a table has these columns, some may lack: what has others is damage. */
  boolean isEarlier(Table<?> table) {
    return Csv.columns(table.type()).containsAll(header);
  }

  private Map<String, String> byName(Line line) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      map.put(header.get(i), line.values().get(i));
    }
    return map;
  }
}
