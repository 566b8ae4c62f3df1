package dev.conntrail.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.conntrail.record.CensoredTimes;
import dev.conntrail.record.CpuUse;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.DueRow;
import dev.conntrail.result.row.PodBin;
import dev.conntrail.spec.CellId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a load process writes is what the one that ordered it reads. */
class LoadFilesTest {
  private static final long MS = 1_000_000;

  private static final At AT = new At("run", new CellId("0a1b2c3d"), 1);

  @TempDir private Path folder;

  private ClientFolder written(String client, String... pods) throws IOException {
    Recording recording = new Recording();
    recording.start(5000);
    recording.record(Metric.RESPONSE, 2 * MS);
    recording.record(Metric.CENSORED, 900 * MS);
    recording.record(Metric.PACING_LAG, MS / 10);
    recording.exchange();
    recording.keep(6000);
    Replies replies = new Replies(0, 3000 * MS);
    for (String pod : pods) {
      replies.of(pod).answered(150 * MS);
      replies.of(pod).took(1, 2 * MS);
    }
    replies.of("pod-9").answered(90 * MS); // in the warm-up
    replies.failed(1234 * MS);
    replies.retried(1234 * MS);
    replies.retried(2350 * MS);
    replies.retried(2390 * MS);
    replies.due(150 * MS);
    replies.due(200 * MS);
    replies.took(150 * MS, 2 * MS);
    replies.gaveUp(200 * MS, 900 * MS);
    ClientFolder files = new ClientFolder(folder.resolve(client));
    Files.createDirectories(files.path());
    LoadFiles.write(
        files,
        new LoadFiles.Origin(AT, client, "node-1", 0),
        new LoadTotals(
            5000,
            5100,
            800 * MS,
            2,
            1,
            1,
            0,
            1,
            Map.of("5xx", 1L),
            1,
            4,
            new CpuUse(300 * MS, Double.NaN, 2, 12.5, Double.NaN, 3, 4, 5),
            Optional.empty(),
            false,
            Optional.of(4096.0)),
        new LoadFiles.Seen(recording.intervals(), List.of(), replies.seen(), Map.of("x", 1L)));
    return files;
  }

  @Test
  void podsOverTimeHasARowForEachBinInWhichSomethingCame() throws IOException {
    ClientFolder files = written("client-1", "pod-1", "pod-2");
    assertThat(files.rows(Tables.POD_BINS))
        .containsExactlyInAnyOrder(
            new PodBin(0, Optional.of("pod-9"), 1, 0, 0),
            new PodBin(100, Optional.of("pod-1"), 1, 0, 0),
            new PodBin(100, Optional.of("pod-2"), 1, 0, 0),
            new PodBin(1200, Optional.empty(), 0, 1, 0),
            new PodBin(1200, Optional.empty(), 0, 0, 1),
            new PodBin(2300, Optional.empty(), 0, 0, 2));
  }

  @Test
  void responseTimesOfAPodAreThoseOfAllClients() throws IOException {
    List<Path> logs =
        List.of(
            written("client-1", "pod-1", "pod-2").latency(),
            written("client-2", "pod-2").latency());
    Path joined = folder.resolve("latency.hlog");
    Latencies.join(joined, logs);
    Map<String, Histogram> pods = Latencies.byPod(List.of(joined));
    assertThat(pods)
        .as("pod-9 answered nothing that was measured")
        .containsOnlyKeys("pod-1", "pod-2");
    assertThat(pods.get("pod-1").getTotalCount()).isEqualTo(1);
    assertThat(pods.get("pod-2").getTotalCount()).isEqualTo(2);
    assertThat(pods.get("pod-2").getMaxValue()).isBetween(2 * MS, 2 * MS * 101 / 100);
  }

  @Test
  void timesByWhenRequestsWereDueAreThoseOfAllClients() throws IOException {
    Path joined = folder.resolve("due.hlog");
    DueTimes.read(List.of(written("client-1").due(), written("client-2").due())).write(joined);
    DueTimes all = DueTimes.read(List.of(joined));
    assertThat(all.between(100, 200).count()).isEqualTo(2);
    assertThat(all.between(100, 200).percentile(50).ns()).isCloseTo(2 * MS, withinPercentage(1));
    CensoredTimes both = all.between(0, 300);
    assertThat(both.count()).isEqualTo(4);
    assertThat(both.answeredCount()).isEqualTo(2);
    assertThat(both.exactUpToPct()).isEqualTo(50);
    assertThat(both.percentile(99).atLeast()).isTrue();
    assertThat(all.between(300, 9000).count()).isZero();
  }

  @Test
  void whatBecameOfRequestsIsToldByWhenTheyWereDue() throws IOException {
    assertThat(written("client-1").rows(Tables.DUE))
        .containsExactly(new DueRow(AT, 100, 1, 1, 0, 0), new DueRow(AT, 200, 1, 0, 0, 1));
  }

  @Test
  void censoredRequestsAreReadWithTheAnsweredOnes() throws IOException {
    Map<Metric, Histogram> all =
        Latencies.merged(
            List.of(written("client-1", "pod-1").latency(), written("client-2").latency()));
    CensoredTimes times = CensoredTimes.of(all);
    assertThat(times.count()).isEqualTo(4);
    assertThat(times.answeredCount()).isEqualTo(2);
    assertThat(all.get(Metric.PACING_LAG).getTotalCount()).isEqualTo(2);
    assertThat(all.get(Metric.RESPONSE).getTotalCount())
        .as("those of single pods are not counted twice")
        .isEqualTo(2);
  }

  /** Two ended in the second: one by a reply after 2 ms, one that was given up after 900 ms. */
  @Test
  void anIntervalTellsOfRequestsThatNeverCameBack() throws IOException {
    assertThat(written("client-1").rows(Tables.INTERVALS))
        .singleElement()
        .satisfies(row -> {
          assertThat(row.answeredCount()).isEqualTo(1);
          assertThat(row.response().censoredCount()).hasValue(1L);
          assertThat(row.response().exactUpToPct()).isEqualTo(50);
          assertThat(row.response().p50Ns()).isCloseTo(2 * MS, withinPercentage(0.1));
          assertThat(row.response().p99Ns()).isCloseTo(900 * MS, withinPercentage(0.1));
          assertThat(row.response().maxNs()).isCloseTo(900 * MS, withinPercentage(0.1));
        });
  }

  @Test
  void whatTheKernelDoesNotSayStaysUnknown() throws IOException {
    LoadTotals totals = Json.read(written("client-1").totals(), LoadTotals.class);
    assertThat(totals.cpu())
        .isEqualTo(new CpuUse(300 * MS, Double.NaN, 2, 12.5, Double.NaN, 3, 4, 5));
    assertThat(totals.pacingLagP99Ns()).isEmpty();
    assertThat(written("client-2").totals()).content().contains("\"pacingLagP99Ns\" : null");
    assertThat(totals.heldBytes()).contains(4096.0);
    assertThat(totals.shortOfCpu()).isFalse();
  }
}
