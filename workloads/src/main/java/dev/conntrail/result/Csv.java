package dev.conntrail.result;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.reflect.Type;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": found a folder; allowed: a CSV file");
    }
    try (Reader reader = Files.newBufferedReader(file);
        CSVParser parser = CSVFormat.RFC4180.parse(reader)) {
      List<RawTable.Line> lines = new ArrayList<>();
      for (CSVRecord line : parser) {
        lines.add(new RawTable.Line(parser.getCurrentLineNumber(), List.of(line.values())));
      }
      if (lines.isEmpty()) {
        throw new IOException(file + ":1: found nothing; allowed: a line that names the columns");
      }
      return new RawTable(file, lines.removeFirst().values(), lines);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not UTF-8 text", e);
    } catch (UncheckedIOException e) {
      throw new IOException(file + ": not CSV: " + e.getCause().getMessage(), e);
    }
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
    for (String name : columns.names()) {
      if (!table.header().contains(name)) {
        throw new IOException(table.file() + ":1: found no column '" + name + "'");
      }
    }
    Map<String, Integer> places = new HashMap<>();
    table.header().forEach(name -> places.putIfAbsent(name, places.size()));
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
