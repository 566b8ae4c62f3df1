package dev.conntrail.result;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * CSV tables whose columns are the components of a record. RFC 4180, but lines end in a line feed;
 * a missing value is {@code NA}, an empty list {@code none}, a list's values are joined by {@code
 * ;}.
 */
public final class Csv {
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

  private Csv() {}

  /** The columns of a table. */
  public static List<String> columns(Class<? extends Record> type) {
    return Columns.of(type).names();
  }

  /** The types of its columns, in the same order. */
  public static List<Type> types(Class<? extends Record> type) {
    return Columns.of(type).types();
  }

  /** Writes a table. */
  public static <R extends Record> void write(Path file, Class<R> type, Iterable<R> rows)
      throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (Writer writer = Files.newBufferedWriter(file)) {
      print(writer, type, rows, true);
    }
  }

  /** A table as text. */
  public static <R extends Record> String text(Class<R> type, Iterable<R> rows) throws IOException {
    try (Writer writer = new StringWriter()) {
      print(writer, type, rows, true);
      return writer.toString();
    }
  }

  /** Whether a file begins with the columns of a table. */
  static boolean begins(Path file, Class<? extends Record> type) {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      return String.join(",", columns(type)).equals(reader.readLine());
    } catch (IOException _) {
      return false;
    }
  }

  /** Appends rows, with a header if the file is new. */
  public static <R extends Record> void append(Path file, Class<R> type, Iterable<R> rows)
      throws IOException {
    boolean fresh = !Files.exists(file);
    try (Writer writer =
        Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      print(writer, type, rows, fresh);
    }
  }

  private static <R extends Record> void print(
      Writer writer, Class<R> type, Iterable<R> rows, boolean header) throws IOException {
    Columns<R> columns = Columns.of(type);
    try (CSVPrinter printer = new CSVPrinter(writer, FORMAT)) {
      if (header) {
        printer.printRecord(columns.names());
      }
      for (R row : rows) {
        printer.printRecord(columns.texts(row));
      }
    }
  }

  /**
   * Reads a table.
   *
   * @throws IOException if a column is missing or a value is not what the record says, with file,
   *     line and column
   */
  public static <R extends Record> List<R> read(Path file, Class<R> type) throws IOException {
    List<String> problems = new ArrayList<>();
    List<R> rows = rows(parse(file), type, problems::add);
    if (!problems.isEmpty()) {
      throw new IOException(problems.getFirst());
    }
    return rows;
  }

  /**
   * A table as text.
   *
   * @throws IOException if it is not there or no CSV, with file and line
   */
  static RawTable parse(Path file) throws IOException {
    return parse(RawFile.of(file));
  }

  /**
   * The same of a file that may be packed.
   *
   * @throws IOException likewise
   */
  static RawTable parse(RawFile file) throws IOException {
    List<RawTable.Line> lines = new ArrayList<>();
    long begun = 0;
    try (CSVParser parser = CSVFormat.RFC4180.parse(new StringReader(TextFiles.read(file)))) {
      for (CSVRecord line : parser) {
        lines.add(new RawTable.Line(begun + 1, List.of(line.values())));
        begun = parser.getCurrentLineNumber();
      }
    } catch (UncheckedIOException e) {
      throw new IOException(
          file
              + ":"
              + (begun + 1)
              + ": found a value whose quotes do not close; allowed: CSV (RFC 4180)",
          e);
    }
    if (lines.isEmpty()) {
      throw new IOException(file + ":1: found nothing; allowed: a line that names the columns");
    }
    return new RawTable(file, header(file, lines.removeFirst().values()), lines);
  }

  private static List<String> header(RawFile file, List<String> names) throws IOException {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IOException(
            file + ":1: found the column '" + TextFiles.shown(name) + "' twice; allowed: once");
      }
    }
    return names;
  }

  /**
   * The rows of a table. A line that is none is left out.
   *
   * @param problems told of each line that is left out, with file, line and column
   * @throws IOException if a column is missing
   */
  static <R extends Record> List<R> rows(RawTable table, Class<R> type, Consumer<String> problems)
      throws IOException {
    Columns<R> columns = Columns.of(type);
    table.needs(columns.names().toArray(String[]::new));
    Map<String, Integer> places = new HashMap<>();
    table.header().forEach(name -> places.put(name, places.size()));
    List<R> rows = new ArrayList<>();
    for (RawTable.Line line : table.lines()) {
      if (line.values().size() != table.header().size()) {
        problems.accept(
            place(table, line)
                + "found "
                + line.values().size()
                + " values; allowed: "
                + table.header().size()
                + ", one for each column");
        continue;
      }
      try {
        rows.add(columns.row(name -> line.values().get(places.get(name))));
      } catch (Columns.BadValue e) {
        problems.accept(place(table, line) + e.getMessage());
      }
    }
    return rows;
  }

  private static String place(RawTable table, RawTable.Line line) {
    return table.file() + ":" + line.number() + ": ";
  }
}
