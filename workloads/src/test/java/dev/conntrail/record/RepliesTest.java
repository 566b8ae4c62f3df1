package dev.conntrail.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepliesTest {
  private static final long MS = 1_000_000;

  @Test
  void repliesAndFailuresAreCountedInBinsFromTheStart() {
    Replies replies = new Replies(-50 * MS, 950 * MS);
    Replies.OfPod one = replies.of("pod-1");
    one.answered(-50 * MS);
    one.answered(49 * MS);
    one.answered(50 * MS);
    one.took(1, 7 * MS);
    one.took(0, 90 * MS);
    replies.of("pod-2").answered(649 * MS);
    replies.failed(10 * MS);
    replies.failed(151 * MS);
    replies.failed(152 * MS);
    Replies.Seen seen = replies.seen();
    assertThat(seen.failed()).isEqualTo(Map.of(0L, 1L, 200L, 2L));
    assertThat(seen.pods()).extracting(Replies.Pod::name).containsExactly("pod-1", "pod-2");
    assertThat(seen.pods().get(0).answered()).isEqualTo(Map.of(0L, 2L, 100L, 1L));
    assertThat(seen.pods().get(0).response().getTotalCount()).isEqualTo(1);
    assertThat(seen.pods().get(0).response().getTag()).isEqualTo("response.pod-1");
    assertThat(seen.pods().get(1).answered()).isEqualTo(Map.of(600L, 1L));
    assertThat(seen.pods().get(1).response().getTotalCount()).isZero();
  }

  @Test
  void responseTimesAreKeptByWhenRequestsWereDue() {
    Replies replies = new Replies(0, 1000 * MS);
    replies.took(150 * MS, 2 * MS);
    replies.took(199 * MS, 3 * MS);
    replies.failed(130 * MS, 10 * MS);
    replies.gaveUp(120 * MS, 800 * MS);
    replies.gaveUp(400 * MS, 600 * MS);
    assertThat(replies.seen().due())
        .extracting(
            Replies.Due::atMs, d -> d.answered().getTotalCount(), d -> d.censored().getTotalCount())
        .containsExactly(tuple(100L, 2L, 2L), tuple(400L, 0L, 1L));
    assertThat(replies.seen().due().getFirst().answered().getMaxValue())
        .isBetween(3 * MS, 3 * MS * 101 / 100);
  }

  /** What is due is counted by itself, so that a request which nobody heard of again is missed. */
  @Test
  void requestsAreCountedByWhenTheyWereDueAndWhatBecameOfThem() {
    Replies replies = new Replies(0, 1000 * MS);
    for (long ms : new long[] {100, 150, 199, 250, 399}) {
      replies.due(ms * MS);
    }
    replies.took(100 * MS, 2 * MS);
    replies.failed(150 * MS, 700 * MS);
    replies.gaveUp(199 * MS, 800 * MS);
    replies.took(399 * MS, 2 * MS);
    Replies.Seen seen = replies.seen();
    assertThat(seen.due())
        .extracting(
            Replies.Due::atMs,
            Replies.Due::count,
            Replies.Due::failed,
            Replies.Due::unanswered,
            d -> d.answered().getTotalCount())
        .containsExactly(
            tuple(100L, 3L, 1L, 1L, 1L), tuple(200L, 1L, 0L, 0L, 0L), tuple(300L, 1L, 0L, 0L, 1L));
    assertThat(Replies.joined(List.of(seen, seen)).due())
        .extracting(Replies.Due::count, Replies.Due::failed, Replies.Due::unanswered)
        .containsExactly(tuple(6L, 2L, 2L), tuple(2L, 0L, 0L), tuple(2L, 0L, 0L));
  }

  @Test
  void theLastBinTakesWhatComesLater() {
    Replies replies = new Replies(0, 250 * MS);
    replies.of("pod-1").answered(299 * MS);
    replies.of("pod-1").answered(90_000 * MS);
    assertThat(replies.seen().pods().getFirst().answered()).isEqualTo(Map.of(200L, 2L));
  }

  @Test
  void hundredsOfPodsNeedLittleMemory() {
    Replies replies = new Replies(0, 60_000 * MS);
    assertThat(replies.of("pod-1").bytes()).isLessThan(50_000);
  }

  /** A quarter of an hour in which a pod is silent. */
  @Test
  void thousandsOfBinsNeedLittleMemory() {
    Replies replies = new Replies(0, 1_000_000 * MS);
    for (long ms = 0; ms < 1_000_000; ms += 100) {
      replies.took(ms * MS, MS);
      replies.gaveUp(ms * MS, (1_000_000 - ms) * MS);
    }
    Replies.Seen seen = replies.seen();
    assertThat(seen.due()).hasSize(10_000);
    assertThat(
            seen.due().stream()
                .mapToLong(d ->
                    d.answered().getEstimatedFootprintInBytes()
                        + d.censored().getEstimatedFootprintInBytes())
                .sum())
        .isLessThan(60_000_000);
    assertThat(seen.due().getFirst().censored().getMaxValue())
        .isBetween(999_000 * MS, 1_010_000 * MS);
    assertThat(Replies.joined(List.of(seen, seen)).due().getLast().answered().getTotalCount())
        .isEqualTo(2);
  }
}
