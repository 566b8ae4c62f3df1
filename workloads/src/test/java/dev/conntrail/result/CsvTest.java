package dev.conntrail.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.result.row.Inline;
import dev.conntrail.result.row.Mark;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.LoadModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
      Optional<Long> maybeCount,
      List<Mark> marks,
      Times lag,
      @Inline Ends ends) {}

  /** Its columns stand after its name. */
  record Times(double p50Ns, Instant at) {}

  /** Its columns stand for themselves. */
  record Ends(Optional<DataPlane> from, LoadModel to) {}

  private static final String HEADER =
      "cell_name,pod_count,value_ns,share_p50_pct,open,maybe_count,marks,lag_p50_ns,lag_at,from,to\n";

  private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path folder;

  private static Sample sample(String name, double pct, Optional<Long> maybe, Mark... marks) {
    return new Sample(
        name,
        1,
        2,
        pct,
        true,
        maybe,
        List.of(marks),
        new Times(Double.NaN, NEW_YEAR),
        new Ends(Optional.of(DataPlane.IPVS), new LoadModel.Constant(600)));
  }

  @Test
  void headerAndRowsComeFromTheRecord() throws IOException {
    Path file = folder.resolve("a.csv");
    Sample one = sample("a, \"b\"\nc", 0.125, Optional.empty());
    Sample two = sample("x", Double.NaN, Optional.of(5L), Mark.STEAL, Mark.ERRORS);
    Csv.write(file, Sample.class, List.of(one));
    Csv.append(file, Sample.class, List.of(two));
    assertThat(Files.readString(file))
        .isEqualTo(
            HEADER
                + "\"a, \"\"b\"\"\nc\",1,2,0.125,true,NA,none,NA,2026-01-01T00:00:00Z,ipvs,600\n"
                + "x,1,2,NA,true,5,cpu-stolen;errors,NA,2026-01-01T00:00:00Z,ipvs,600\n");
    assertThat(Csv.read(file, Sample.class)).containsExactly(one, two);
  }

  @Test
  void numbersKeepSixDigitsAndNoExponentWhereShort() throws IOException {
    Path file = folder.resolve("b.csv");
    Csv.write(
        file,
        Sample.class,
        Stream.of(123456.789, 1e-20, 3.0).map(x -> sample("x", x, Optional.of(1L))).toList());
    assertThat(Files.readAllLines(file).stream().skip(1).map(l -> l.split(",")[3]))
        .containsExactly("123457", "1.00000e-20", "3");
  }

  @Test
  void aWrongValueIsNamedWithItsPlace() throws IOException {
    Path file = folder.resolve("c.csv");
    String rest = ",1,2,NA,true,5,none,NA,2026-01-01T00:00:00Z,ipvs,600\n";
    Files.writeString(file, HEADER + "x" + rest + "y" + rest.replace(",1,", ",many,"));
    assertThatThrownBy(() -> Csv.read(file, Sample.class))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ":3: pod_count: found 'many'; allowed: a whole number");
    Files.writeString(file, HEADER + "x" + rest.replace("ipvs", "ipfw"));
    assertThatThrownBy(() -> Csv.read(file, Sample.class))
        .hasMessage(
            file + ":2: from: found 'ipfw'; allowed: iptables, nftables, ipvs, direct, or NA");
    Files.writeString(file, "cell_name\nx\n");
    assertThatThrownBy(() -> Csv.read(file, Sample.class))
        .hasMessageContaining("c.csv:1: found no column 'pod_count'");
  }

  /** A row of other columns would garble it. */
  @Test
  void aTableOfAnEarlierVersionIsMovedAside() throws IOException {
    RunFolder results = new RunFolder(folder);
    assertThat(results.setAside(Tables.INDEX)).isEmpty();
    for (int i = 1; i <= 2; i++) {
      Files.writeString(results.of(Tables.INDEX), "folder,run\nold-" + i + ",x\n");
      Path kept = folder.resolve("index-" + i + ".csv");
      assertThat(results.setAside(Tables.INDEX)).hasValue(kept);
      assertThat(kept).hasContent("folder,run\nold-" + i + ",x");
      assertThat(results.of(Tables.INDEX)).doesNotExist();
    }
    results.append(Tables.INDEX, List.of());
    assertThat(results.setAside(Tables.INDEX)).isEmpty();
    assertThat(results.of(Tables.INDEX)).exists();
  }

  @Test
  void whatAKilledRunLeftIsRemovedOrKeptUnderANameThatSaysSo() throws IOException {
    RunFolder empty = RunFolder.create(folder, "20260101T000000Z_a");
    RunFolder full = RunFolder.create(folder, "20260101T000000Z_b");
    RunFolder living = RunFolder.create(folder, "20260101T000000Z_c");
    full.append(Tables.SUMMARY, List.of());
    List<String> lines = KilledRuns.clear(folder, p -> p.equals(living.path()));
    assertThat(lines).hasSize(2);
    assertThat(empty.path()).doesNotExist();
    assertThat(folder.resolve("20260101T000000Z_b.killed")).isDirectory();
    assertThat(living.path()).isDirectory();
  }
}
