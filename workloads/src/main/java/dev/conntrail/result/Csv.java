package dev.conntrail.result;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * CSV tables whose columns are the components of a record, in {@code lower_snake_case}. RFC 4180,
 * but lines end in a line feed; a missing value is {@code NA} ({@code null}, or not a number).
 */
public final class Csv {
  /** What stands for a missing value. */
  public static final String MISSING = "NA";

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

  private Csv() {}

  /** The columns of a table. */
  public static List<String> columns(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).map(c -> snake(c.getName())).toList();
  }

  /** Writes a table. */
  public static <R extends Record> void write(Path file, Class<R> type, Iterable<R> rows)
      throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (CSVPrinter printer = new CSVPrinter(Files.newBufferedWriter(file), FORMAT)) {
      printer.printRecord(columns(type));
      for (R row : rows) {
        print(printer, type, row);
      }
    }
  }

  /** Appends rows, with a header if the file is new. */
  public static <R extends Record> void append(Path file, Class<R> type, Iterable<R> rows)
      throws IOException {
    boolean fresh = !Files.exists(file);
    try (Writer writer =
            Files.newBufferedWriter(
                file,
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
        CSVPrinter printer = new CSVPrinter(writer, FORMAT)) {
      if (fresh) {
        printer.printRecord(columns(type));
      }
      for (R row : rows) {
        print(printer, type, row);
      }
    }
  }

  /**
   * Reads a table.
   *
   * @throws IOException if a column is missing or a value is not what the record says, with file
   *     and line
   */
  public static <R extends Record> List<R> read(Path file, Class<R> type) throws IOException {
    RecordComponent[] components = type.getRecordComponents();
    List<R> rows = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(file);
        CSVParser parser =
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get().parse(reader)) {
      Constructor<R> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      for (CSVRecord line : parser) {
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
          values[i] = value(file, parser.getCurrentLineNumber(), line, components[i]);
        }
        rows.add(constructor.newInstance(values));
      }
      return rows;
    } catch (ReflectiveOperationException e) {
      throw new IOException(
          file + ": cannot be read as " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  private static Object value(Path file, long lineNumber, CSVRecord line, RecordComponent component)
      throws IOException {
    String column = snake(component.getName());
    if (!line.isMapped(column)) {
      throw new IOException(
          file
              + ":1: found no column '"
              + column
              + "'; this folder is from another version of Conntrail");
    }
    String text = line.get(column);
    Class<?> type = component.getType();
    try {
      if (type == String.class) {
        return text;
      }
      if (type == double.class) {
        return text.equals(MISSING) ? Double.NaN : Double.parseDouble(text);
      }
      if (type == Long.class) {
        return text.equals(MISSING) ? null : Long.valueOf(text);
      }
      if (type == long.class) {
        return Long.parseLong(text);
      }
      if (type == int.class) {
        return Integer.parseInt(text);
      }
      if (type == boolean.class && (text.equals("true") || text.equals("false"))) {
        return Boolean.valueOf(text);
      }
    } catch (NumberFormatException _) {
      // refused below, with its place
    }
    throw new IOException(
        file
            + ":"
            + lineNumber
            + ": "
            + column
            + ": found '"
            + text
            + "'; allowed: "
            + type.getSimpleName());
  }

  private static <R extends Record> void print(CSVPrinter printer, Class<R> type, R row)
      throws IOException {
    List<String> values = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      try {
        values.add(text(component.getAccessor().invoke(row)));
      } catch (ReflectiveOperationException e) {
        throw new IOException(e);
      }
    }
    printer.printRecord(values);
  }

  private static String text(Object value) {
    return switch (value) {
      case null -> MISSING;
      case Double d when !Double.isFinite(d) -> MISSING;
      case Double d -> number(d);
      default -> value.toString();
    };
  }

  /** Six significant digits, without an exponent where that stays short. */
  private static String number(double d) {
    if (d == Math.rint(d) && Math.abs(d) < 1e15) {
      return Long.toString((long) d);
    }
    String text = String.format(Locale.ROOT, "%.6g", d);
    if (text.indexOf('e') >= 0) {
      return text;
    }
    return text.indexOf('.') >= 0 ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  private static String snake(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
