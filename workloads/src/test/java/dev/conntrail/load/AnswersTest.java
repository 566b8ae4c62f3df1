package dev.conntrail.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private static final long SECOND_NS = 1_000_000_000;

  private final Replies replies = new Replies(0, SECOND_NS);
  private final Tally tally = new Tally(true);

  private Answers answers(int most) {
    tally.begin(replies, 0);
    return new Answers(tally, most);
  }

  private Histogram sum(Metric metric) {
    return Recording.sum(tally.intervals()).get(metric);
  }

  @Test
  void whatIsNotedIsRecordedTogether() {
    Answers answers = answers(3);
    Replies.OfPod pod = replies.of("pod-1");
    answers.paced(1, 7);
    answers.paced(0, 90);
    answers.add(pod, 1, 10, 20, 50);
    answers.add(pod, 0, 11, 21, 60);
    tally.rehearseCut(1);
    tally.cut(1);
    assertThat(tally.requests().answered()).as("noted, not recorded").isZero();
    answers.add(pod, 1, 30, 45, 90);
    tally.cut(2);
    answers.add(pod, 1, 40, 50, 51);
    answers.record();
    answers.record();
    tally.cut(3);
    assertThat(tally.requests().answered()).isEqualTo(3);
    assertThat(replies.seen().pods().getFirst().answered()).isEqualTo(Map.of(0L, 4L));
    assertThat(replies.seen().pods().getFirst().response().getTotalCount()).isEqualTo(3);
    assertThat(tally.intervals())
        .extracting(i -> i.histograms().get(Metric.RESPONSE).getTotalCount())
        .containsExactly(0L, 2L, 1L);
    assertThat(sum(Metric.RESPONSE).getMaxValue()).isEqualTo(60);
    assertThat(sum(Metric.SERVICE).getMaxValue()).isEqualTo(45);
    assertThat(sum(Metric.SEND_LAG).getMaxValue()).isEqualTo(15);
    assertThat(sum(Metric.PACING_LAG).getTotalCount()).isEqualTo(1);
    assertThat(sum(Metric.PACING_LAG).getMaxValue()).isEqualTo(7);
  }

  /** What is not measured is recorded as well, where nobody looks. */
  @Test
  void whatIsRehearsedCountsForNothing() {
    Answers answers = answers(1);
    tally.due(0, 10);
    answers.paced(0, 7);
    answers.add(replies.of("pod-1"), 0, 10, 20, 50);
    tally.rehearseCut(1);
    answers.add(replies.of("pod-1"), 0, 10, 20, 50);
    tally.cut(2);
    assertThat(tally.requests()).isEqualTo(new Tally(true).requests());
    assertThat(tally.intervals()).hasSize(1);
    assertThat(tally.intervals().getFirst().histograms().values())
        .allSatisfy(h -> assertThat(h.getTotalCount()).isZero());
    assertThat(replies.seen().due()).isEmpty();
    assertThat(replies.seen().pods().getFirst().response().getTotalCount()).isZero();
    assertThat(replies.seen().pods().getFirst().answered()).isEqualTo(Map.of(0L, 2L));
  }

  @Test
  void statusesAreOfTheirClass() {
    Answers answers = answers(2);
    answers.replied(200);
    assertThat(tally.requests().statuses()).as("noted, not recorded").isEmpty();
    answers.replied(503);
    assertThat(tally.requests().statuses()).isEqualTo(Map.of(2, 1L, 5, 1L));
    answers.replied(204);
    answers.record();
    answers.record();
    assertThat(tally.requests().statuses()).isEqualTo(Map.of(2, 2L, 5, 1L));
  }

  /** Callers note, each for itself, while others fail and intervals end: nothing is lost. */
  @Test
  void callersOnSeveralThreads() throws Exception {
    int callers = 4;
    int requests = 20_000;
    try (ExecutorService together = Executors.newFixedThreadPool(callers)) {
      List<Future<?>> all = new ArrayList<>();
      for (int c = 0; c < callers; c++) {
        Answers answers = answers(32);
        Replies.OfPod pod = replies.of("pod-1");
        all.add(
            together.submit(() -> {
              for (int i = 0; i < requests; i++) {
                answers.paced(1, 1);
                answers.add(pod, 1, i, i + 1, i + 2);
                tally.failed(new IllegalStateException("planted"), i, true);
              }
              answers.record();
            }));
      }
      for (int ms = 1; !all.stream().allMatch(Future::isDone); ms++) {
        tally.cut(ms);
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    tally.cut(Integer.MAX_VALUE);
    int total = callers * requests;
    assertThat(tally.requests().answered()).isEqualTo(total);
    assertThat(tally.requests().errors())
        .isEqualTo(Map.of("IllegalStateException: planted", (long) total));
    assertThat(tally.intervals().stream().mapToLong(Recording.Interval::errors).sum())
        .isEqualTo(total);
    for (Metric metric :
        List.of(
            Metric.RESPONSE, Metric.SERVICE, Metric.PACING_LAG, Metric.CENSORED, Metric.FAILURE)) {
      assertThat(sum(metric).getTotalCount()).as(metric.name()).isEqualTo(total);
    }
    assertThat(replies.seen().pods().getFirst().answered()).isEqualTo(Map.of(0L, (long) total));
    assertThat(replies.seen().failed().values()).containsExactly((long) total);
  }
}
