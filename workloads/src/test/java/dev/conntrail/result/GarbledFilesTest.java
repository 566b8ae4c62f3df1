package dev.conntrail.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of garbled files: each is read as what can be written and read again, or refused in one
 * line with its place.
 */
@Tag("computes")
class GarbledFilesTest {
  private static final int TIMES = 3000;

  /** What is put in at random places. */
  private static final List<String> PIECES =
      List.of(
          ",",
          "\"",
          "\"\"",
          "\n",
          "\r",
          "\r\n",
          "\uFEFF",
          "\0",
          "NA",
          "none",
          "null",
          "NaN",
          "[",
          "]",
          "{",
          "}",
          ":",
          "\\",
          "\\u",
          "\\ud800",
          "-",
          "1e999",
          "9".repeat(50),
          "true",
          "é",
          "😀",
          "[".repeat(2000),
          "\"".repeat(101),
          "#",
          "=",
          ";",
          " ");

  private final Random random = new Random(5);

  @TempDir private Path folder;

  /** Reads a file, and what it read once more. */
  private interface Reader {
    void read(Path file) throws IOException;
  }

  private <R extends Record> void sameAgain(List<R> rows, Class<R> type) throws IOException {
    Path copy = folder.resolve("again.csv");
    Csv.write(copy, type, rows);
    String once = Files.readString(copy);
    Csv.write(copy, type, Csv.read(copy, type));
    assertThat(Files.readString(copy)).isEqualTo(once);
  }

  private void sameAgain(Manifest read) throws IOException {
    Path copy = folder.resolve("again.json");
    Json.write(copy, read);
    assertThat(Json.read(copy, Manifest.class)).isEqualTo(read);
  }

  /** Some bytes are flipped, cut out, doubled or put in. */
  private byte[] garbled(byte[] text) {
    byte[] bytes = text;
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      int at = random.nextInt(bytes.length + 1);
      int to = Math.min(bytes.length, at + random.nextInt(20));
      byte[] before = Arrays.copyOf(bytes, at);
      byte[] after = Arrays.copyOfRange(bytes, to, bytes.length);
      byte[] piece =
          switch (random.nextInt(4)) {
            case 0 -> new byte[0];
            case 1 -> Arrays.copyOfRange(bytes, at, to);
            case 2 -> new byte[] {(byte) random.nextInt(256)};
            default -> PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
          };
      bytes = new byte[before.length + piece.length + after.length];
      System.arraycopy(before, 0, bytes, 0, before.length);
      System.arraycopy(piece, 0, bytes, before.length, piece.length);
      System.arraycopy(after, 0, bytes, before.length + piece.length, after.length);
    }
    return bytes;
  }

  /** What went wrong; nothing, where each was read, or refused well. */
  private List<String> faults(Path file, String place, Reader reader) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    List<String> faults = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < TIMES; i++) {
      Files.write(file, garbled(whole));
      try {
        reader.read(file);
      } catch (IOException e) {
        refused++;
        if (!e.getMessage().matches(place) || e.getMessage().length() > 2000) {
          faults.add(i + ": " + e.getMessage());
        }
      } catch (RuntimeException | StackOverflowError e) {
        faults.add(i + ": " + e);
      }
    }
    assertThat(refused).isBetween(TIMES / 10, TIMES);
    return faults;
  }

  private RunFolder written() throws IOException {
    TestRun run = TestRun.ofCells(folder, "connections: 4, pods: 2, repetitions: 3");
    return run.fill().write();
  }

  @Test
  void tables() throws IOException {
    Path file = written().of(Tables.SUMMARY);
    assertThat(
            faults(
                file,
                "\\S+/summary\\.csv:\\d+: .+",
                f -> sameAgain(Csv.read(f, SummaryRow.class), SummaryRow.class)))
        .isEmpty();
  }

  @Test
  void records() throws IOException {
    Path file = written().manifest();
    assertThat(
            faults(
                file,
                "\\S+/manifest\\.json:(\\d+:)? .+",
                f -> sameAgain(Whole.checked(f, Json.read(f, Manifest.class)))))
        .isEmpty();
  }

  @Test
  void benchmarks() throws IOException {
    Path jmh =
        TestRun.ofCells(folder, "connections: 4, pods: 2")
            .jmh(List.of(TestRows.model(Lookup.IPVS, 100, Target.LAST, 1, 40)))
            .write()
            .jmh();
    Path file = FileTrees.list(jmh).getFirst();
    assertThat(
            faults(
                file,
                "\\S+/literal\\.json:(\\d+:)? .+",
                _ -> sameAgain(JmhResults.read(jmh, "ct1"), JmhRow.class)))
        .isEmpty();
  }

  @Test
  void histograms() throws IOException {
    RunFolder run = written();
    Path file = run.repetition(run.rows(Tables.SUMMARY).getFirst().at().cellId(), 1).latency();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < TIMES / 10; i++) {
      Files.write(file, garbled(whole));
      RunResults results = RunResults.read(run);
      RepetitionResults repetition = results.cells().getFirst().repetitions().getFirst();
      long times = repetition.latencies().values().stream().mapToLong(h -> h.getTotalCount()).sum();
      assertThat(times > 0 || results.lacks().stream().anyMatch(l -> l.contains("latency.hlog")))
          .isTrue();
    }
  }
}
