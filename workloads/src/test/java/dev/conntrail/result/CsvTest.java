package dev.conntrail.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
  /** A row of every type. */
  record Sample(
      String cellName,
      int podCount,
      long valueNs,
      double shareP50Pct,
      boolean open,
      Long maybeCount) {}

  @TempDir private Path folder;

  @Test
  void headerAndRowsComeFromTheRecord() throws IOException {
    Path file = folder.resolve("a.csv");
    Csv.write(file, Sample.class, List.of(new Sample("a, \"b\"\nc", 1, 2, 0.125, true, null)));
    Csv.append(file, Sample.class, List.of(new Sample("x", 3, 4, Double.NaN, false, 5L)));
    assertThat(Files.readString(file))
        .isEqualTo(
            "cell_name,pod_count,value_ns,share_p50_pct,open,maybe_count\n\"a, \"\"b\"\"\nc\",1,2,0.125,true,NA\nx,3,4,NA,false,5\n");
    assertThat(Csv.read(file, Sample.class))
        .containsExactly(
            new Sample("a, \"b\"\nc", 1, 2, 0.125, true, null),
            new Sample("x", 3, 4, Double.NaN, false, 5L));
  }

  @Test
  void numbersKeepSixDigitsAndNoExponentWhereShort() throws IOException {
    Path file = folder.resolve("b.csv");
    Csv.write(
        file,
        Sample.class,
        List.of(
            new Sample("x", 1, 1, 123456.789, true, 1L),
            new Sample("x", 1, 1, 1e-20, true, 1L),
            new Sample("x", 1, 1, 3.0, true, 1L)));
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "cell_name,pod_count,value_ns,share_p50_pct,open,maybe_count",
            "x,1,1,123457,true,1",
            "x,1,1,1.00000e-20,true,1",
            "x,1,1,3,true,1");
  }

  @Test
  void aWrongValueIsNamedWithItsPlace() throws IOException {
    Path file = folder.resolve("c.csv");
    Files.writeString(
        file, "cell_name,pod_count,value_ns,share_p50_pct,open,maybe_count\nx,many,4,NA,false,5\n");
    assertThatThrownBy(() -> Csv.read(file, Sample.class))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("c.csv:2: pod_count: found 'many'");
    Files.writeString(file, "cell_name\nx\n");
    assertThatThrownBy(() -> Csv.read(file, Sample.class))
        .hasMessageContaining("found no column 'pod_count'");
  }

  @Test
  void whatAKilledRunLeftIsRemovedOrKeptUnderANameThatSaysSo() throws IOException {
    RunFolder empty = RunFolder.create(folder, "20260101T000000Z_a");
    RunFolder full = RunFolder.create(folder, "20260101T000000Z_b");
    RunFolder living = RunFolder.create(folder, "20260101T000000Z_c");
    Files.writeString(full.summary(), "x");
    List<String> lines = RunFolder.clearKilled(folder, p -> p.equals(living.path()));
    assertThat(lines).hasSize(2);
    assertThat(empty.path()).doesNotExist();
    assertThat(folder.resolve("20260101T000000Z_b.killed")).isDirectory();
    assertThat(living.path()).isDirectory();
  }
}
