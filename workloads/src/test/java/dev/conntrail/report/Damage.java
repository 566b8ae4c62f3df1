package dev.conntrail.report;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** Ways in which a file of a result folder is damaged. */
enum Damage {
  REMOVED(_ -> true, Seen.ALWAYS) {
    @Override
    void apply(Path file, Random random) throws IOException {
      Files.delete(file);
    }
  },
  EMPTIED(_ -> true, Seen.ALWAYS) {
    @Override
    void apply(Path file, Random random) throws IOException {
      Files.write(file, new byte[0]);
    }
  },
  A_FOLDER(_ -> true, Seen.ALWAYS) {
    @Override
    void apply(Path file, Random random) throws IOException {
      Files.delete(file);
      Files.createDirectories(file.resolve("within"));
    }
  },
  TRUNCATED(_ -> true, Seen.MAYBE) {
    @Override
    void apply(Path file, Random random) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
    }
  },
  BYTES_FLIPPED(_ -> true, Seen.MAYBE) {
    @Override
    void apply(Path file, Random random) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, bytes);
    }
  },
  NOT_UTF_8(_ -> true, Seen.MAYBE) {
    @Override
    void apply(Path file, Random random) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      bytes[random.nextInt(bytes.length)] = (byte) 0xFF;
      Files.write(file, bytes);
    }
  },
  LINES_ENDED_AS_ON_WINDOWS(_ -> true, Seen.HARMLESS) {
    @Override
    void apply(Path file, Random random) throws IOException {
      Files.writeString(file, Files.readString(file).replace("\n", "\r\n"));
    }
  },
  BYTE_ORDER_MARK(Damage::table, Seen.HARMLESS) {
    @Override
    void apply(Path file, Random random) throws IOException {
      Files.writeString(file, "\uFEFF" + Files.readString(file));
    }
  },
  A_COLUMN_DROPPED(Damage::table, Seen.ALWAYS) {
    @Override
    void apply(Path file, Random random) throws IOException {
      List<List<String>> rows = read(file);
      int column = random.nextInt(rows.getFirst().size());
      rows.forEach(r -> r.remove(column));
      write(file, rows);
    }
  },
  A_COLUMN_RENAMED(Damage::table, Seen.ALWAYS) {
    @Override
    void apply(Path file, Random random) throws IOException {
      List<List<String>> rows = read(file);
      int column = random.nextInt(rows.getFirst().size());
      rows.getFirst().set(column, rows.getFirst().get(column) + "x");
      write(file, rows);
    }
  },
  A_COLUMN_DOUBLED(Damage::table, Seen.ALWAYS) {
    @Override
    void apply(Path file, Random random) throws IOException {
      List<List<String>> rows = read(file);
      int column = random.nextInt(rows.getFirst().size());
      rows.forEach(r -> r.add(r.get(column)));
      write(file, rows);
    }
  },
  COLUMNS_CHANGED_ABOUT(Damage::table, Seen.HARMLESS) {
    @Override
    void apply(Path file, Random random) throws IOException {
      List<List<String>> rows = read(file);
      int by = random.nextInt(rows.getFirst().size());
      rows.forEach(r -> Collections.rotate(r, by));
      write(file, rows);
    }
  },
  A_ROW_DOUBLED(Damage::table, Seen.MAYBE) {
    @Override
    void apply(Path file, Random random) throws IOException {
      List<List<String>> rows = read(file);
      rows.add(rows.get(random.nextInt(rows.size())));
      write(file, rows);
    }
  },
  ROWS_LOST(Damage::table, Seen.MAYBE) {
    @Override
    void apply(Path file, Random random) throws IOException {
      List<List<String>> rows = read(file);
      rows.removeIf(_ -> random.nextInt(3) == 0);
      write(file, rows);
    }
  },
  A_VALUE_SWAPPED(Damage::table, Seen.MAYBE) {
    @Override
    void apply(Path file, Random random) throws IOException {
      List<List<String>> rows = read(file);
      List<String> row = rows.get(random.nextInt(rows.size()));
      row.set(random.nextInt(row.size()), NONSENSE.get(random.nextInt(NONSENSE.size())));
      write(file, rows);
    }
  },
  A_COLUMN_SWAPPED(Damage::table, Seen.MAYBE) {
    @Override
    void apply(Path file, Random random) throws IOException {
      List<List<String>> rows = read(file);
      int column = random.nextInt(rows.getFirst().size());
      String nonsense = NONSENSE.get(random.nextInt(NONSENSE.size()));
      rows.stream().skip(1).forEach(r -> r.set(column, nonsense));
      write(file, rows);
    }
  },
  A_QUOTE_LEFT_OPEN(Damage::table, Seen.ALWAYS) {
    @Override
    void apply(Path file, Random random) throws IOException {
      String text = Files.readString(file);
      int comma = text.indexOf(',', random.nextInt(text.indexOf('\n')));
      int at = comma < 0 ? 0 : comma + 1;
      Files.writeString(file, text.substring(0, at) + "\"" + text.substring(at));
    }
  },
  A_JSON_VALUE_SWAPPED(f -> f.toString().endsWith(".json"), Seen.MAYBE) {
    @Override
    void apply(Path file, Random random) throws IOException {
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      List<Integer> values = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).matches(".*:\\s*[^\\[{]+,?$")) {
          values.add(i);
        }
      }
      int at = values.get(random.nextInt(values.size()));
      String comma = lines.get(at).endsWith(",") ? "," : "";
      String json = JSON.get(random.nextInt(JSON.size()));
      lines.set(at, lines.get(at).replaceFirst(":.*$", ": " + json + comma));
      Files.write(file, lines);
    }
  },
  OTHER_JSON(f -> f.toString().endsWith(".json"), Seen.ALWAYS) {
    @Override
    void apply(Path file, Random random) throws IOException {
      Files.writeString(file, JSON.get(random.nextInt(JSON.size())));
    }
  };

  /** Whether the damage is told of. */
  enum Seen {
    ALWAYS,
    MAYBE,
    /** A report says what it would have said. */
    HARMLESS
  }

  private static final List<String> NONSENSE =
      List.of(
          "",
          " ",
          "NA",
          "none",
          "-1",
          "0",
          "1",
          "3",
          "99999",
          "2147483648",
          "999999999999",
          "9223372036854775807",
          "9223372036854775808",
          "1e308",
          "-1e308",
          "1e-320",
          "1e999",
          "NaN",
          "Infinity",
          "-Infinity",
          "0x10",
          "1,5",
          "1;2",
          "true",
          "many",
          "ipfw",
          "direct",
          "draw",
          "first",
          "netns",
          "'",
          "\"",
          "a\nb",
          "\t",
          "<script>",
          "${1}",
          "../../etc",
          "00000000",
          "deadbeef",
          "add-endpoints=1@1ms",
          "x".repeat(5000),
          "\u0000",
          "\u202E",
          "é");

  private static final List<String> JSON =
      List.of(
          "null",
          "[]",
          "{}",
          "\"\"",
          "\"x\"",
          "0",
          "-1",
          "1e999",
          "9".repeat(400),
          "true",
          "[null]",
          "[[[[[[[[null]]]]]]]]",
          "[".repeat(5000),
          "{\"a\":".repeat(2000),
          "{\"schema\": 1}",
          "{\"schema\": 2}",
          "\"" + "x".repeat(5000) + "\"",
          "NaN",
          "{",
          "]");

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final Predicate<Path> fits;

  private final Seen seen;

  Damage(Predicate<Path> fits, Seen seen) {
    this.fits = fits;
    this.seen = seen;
  }

  /** Damages a file. */
  abstract void apply(Path file, Random random) throws IOException;

  /** Whether such a file can be damaged so. */
  boolean fits(Path file) {
    return fits.test(file);
  }

  Seen seen() {
    return seen;
  }

  private static boolean table(Path file) {
    return file.toString().endsWith(".csv");
  }

  private static List<List<String>> read(Path file) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (CSVRecord row :
        CSVFormat.RFC4180.parse(Files.newBufferedReader(file, StandardCharsets.UTF_8))) {
      rows.add(new ArrayList<>(row.toList()));
    }
    return rows;
  }

  private static void write(Path file, List<List<String>> rows) throws IOException {
    StringWriter text = new StringWriter();
    try (CSVPrinter printer = new CSVPrinter(text, CSVFormat.RFC4180)) {
      for (List<String> row : rows) {
        printer.printRecord(row);
      }
    }
    Files.writeString(file, text.toString());
  }
}
