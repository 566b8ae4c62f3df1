package dev.conntrail.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.conntrail.result.row.ConnectionTable;
import dev.conntrail.result.row.Disturbance;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JmhResultsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/jmh");

  @TempDir private Path folder;

  private List<JmhRow> read(String json) throws IOException {
    Files.writeString(folder.resolve("lookups.json"), json);
    return JmhResults.read(folder, "r1");
  }

  private static <T> Set<T> found(
      List<JmhRow> rows, Packet packet, Function<JmhRow.What, Optional<T>> of) {
    return rows.stream()
        .map(JmhRow::what)
        .filter(w -> w.packet().equals(Optional.of(packet)))
        .flatMap(w -> of.apply(w).stream())
        .collect(Collectors.toSet());
  }

  /**
   * What the benchmarks write ({@code ContractTest} there holds the file to them) is understood.
   */
  @Test
  void everyWordOfTheBenchmarksIsKnown() throws IOException {
    List<JmhRow> rows = JmhResults.read(GOLDEN, "r1");
    assertThat(rows)
        .isNotEmpty()
        .allSatisfy(row -> {
          assertThat(row.what().packet()).isPresent();
          assertThat(row.what().lookup().isPresent() ^ row.what().table().isPresent()).isTrue();
          assertThat(row.otherParameters()).isEmpty();
          assertThat(row.p50Ns()).isPositive();
          assertThat(row.beside().otherCpuPct()).isBetween(0.0, 100.0);
          assertThat(row.beside().stealPct()).isBetween(0.0, 100.0);
        });
    assertThat(found(rows, Packet.FIRST, JmhRow.What::lookup))
        .isEqualTo(EnumSet.allOf(Lookup.class));
    assertThat(found(rows, Packet.ESTABLISHED, JmhRow.What::lookup))
        .isEqualTo(EnumSet.allOf(Lookup.class));
    assertThat(found(rows, Packet.ESTABLISHED, JmhRow.What::table))
        .isEqualTo(EnumSet.allOf(ConnectionTable.class));
    assertThat(found(rows, Packet.FIRST, JmhRow.What::target))
        .isEqualTo(EnumSet.complementOf(EnumSet.of(Target.FIRST_AGAIN, Target.POD)));
  }

  @Test
  void aForkIsARowWithTheMedianOfItsIterationsAndWhatRanBesideAllOfIt() throws IOException {
    List<JmhRow> rows =
        read(
            """
            [{"benchmark": "a.b.SomeBenchmark.take", "threads": 2,
              "params": {"packet": "first", "mode": "ipvs", "services": "10", "load": "0.5"},
              "primaryMetric": {"scoreUnit": "us/op", "rawData": [[3, 1, 2], [5, 9]]},
              "secondaryMetrics": {
                "beside.other-cpu": {"rawData": [[80, 4], [0, 30]]},
                "beside.steal": {"rawData": [[0, 3], [0, 0]]}}}]
            """);
    assertThat(rows).extracting(JmhRow::fork).containsExactly(1, 2);
    assertThat(rows).extracting(JmhRow::p50Ns).containsExactly(2000.0, 7000.0);
    assertThat(rows).extracting(JmhRow::minNs).containsExactly(1000.0, 5000.0);
    assertThat(rows).extracting(JmhRow::maxNs).containsExactly(3000.0, 9000.0);
    assertThat(rows)
        .extracting(r -> r.beside().disturbances())
        .containsExactly(List.of(Disturbance.STEAL), List.of(Disturbance.OTHER_CPU));
    assertThat(rows.getFirst().beside().cpuMhz()).isNaN();
    assertThat(rows.getFirst().otherParameters()).containsExactly("load=0.5");
    assertThat(rows.getFirst().benchmark()).isEqualTo("SomeBenchmark.take");
  }

  /** Of November 2026: no parameter said which packet it was, and nobody what ran beside. */
  @Test
  void anEarlierVersionsBenchmarksAreUnderstood() throws IOException {
    JmhRow row =
        read("""
        [{"benchmark": "dev.conntrail.jmh.FirstPacketBenchmark.route", "threads": 1, "forks": 1,
          "params": {"mode": "iptables", "services": "10", "endpoints": "3", "target": "last"},
          "primaryMetric": {"score": 1, "scoreError": "NaN", "scoreUnit": "ns/op", "rawData": [[3]]},
          "secondaryMetrics": {}}]
        """)
            .getFirst();
    assertThat(row.what().packet()).contains(Packet.FIRST);
    assertThat(row.what().lookup()).contains(Lookup.IPTABLES_LEGACY);
    assertThat(row.beside().otherCpuPct()).isNaN();
    assertThat(row.beside().disturbed()).isFalse();
  }

  @Test
  void whatIsNotJmhsIsRefusedWithItsName() {
    assertThatIOException()
        .isThrownBy(() -> read("[{\"benchmark\": \"a.b.C.d\"}]"))
        .withMessageContaining("lookups.json: primaryMetric: found nothing; allowed: a value");
    assertThatIOException()
        .isThrownBy(() ->
            read(
                "[{\"benchmark\": \"a.b.C.d\", \"threads\": 1, \"primaryMetric\": {\"scoreUnit\": \"ops/s\", \"rawData\": [[1]]}}]"))
        .withMessageContaining(
            "lookups.json: scoreUnit: found 'ops/s'; allowed: time an operation");
  }
}
