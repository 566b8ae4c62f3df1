package dev.conntrail.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.record.CensoredTimes.Time;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Values below 2,048 are kept exactly. */
class CensoredTimesTest {
  private static Histogram of(long... values) {
    Histogram h = new Histogram(Recording.SIGNIFICANT_DIGITS);
    for (long v : values) {
      h.recordValue(v);
    }
    return h;
  }

  private static Time exactly(double ns) {
    return new Time(ns, false);
  }

  private static Time atLeast(double ns) {
    return new Time(ns, true);
  }

  @Test
  void withNothingGivenUpAllIsExact() {
    CensoredTimes times = new CensoredTimes(of(10, 20, 30, 40), of());
    assertThat(times.percentile(50)).isEqualTo(exactly(20));
    assertThat(times.percentile(99)).isEqualTo(exactly(40));
    assertThat(times.percentile(100)).isEqualTo(exactly(40));
    assertThat(times.mean()).isEqualTo(exactly(25));
    assertThat(times.exactUpToPct()).isEqualTo(100);
  }

  /** As once seen: 396 of 4,000 requests took longer than a second, and p99 was printed 2.81 ms. */
  @Test
  void requestsThatNeverCameBackAreInTheTail() {
    Histogram answered = of();
    answered.recordValueWithCount(1000, 3500);
    answered.recordValueWithCount(2000, 104);
    Histogram censored = of();
    censored.recordValueWithCount(1_000_000_000, 396);
    CensoredTimes times = new CensoredTimes(answered, censored);
    assertThat(times.count()).isEqualTo(4000);
    assertThat(times.answeredCount()).isEqualTo(3604);
    assertThat(times.percentile(50)).isEqualTo(exactly(1000));
    assertThat(times.percentile(90)).isEqualTo(exactly(2000));
    assertThat(times.exactUpToPct()).isCloseTo(90.1, within(1e-9));
    assertThat(times.percentile(times.exactUpToPct())).isEqualTo(exactly(2000));
    assertThat(times.percentile(90.11).atLeast()).isTrue();
    assertThat(times.percentile(99).atLeast()).isTrue();
    assertThat(times.percentile(99).ns()).as("never rounded up").isBetween(0.999e9, 1e9);
    assertThat(times.mean().atLeast()).isTrue();
    assertThat(times.mean().ns()).isCloseTo((3.5e6 + 208e3 + 396e9) / 4000, within(1e5));
  }

  /** One that failed at once might have taken as long as any. */
  @Test
  void anEarlyFailureMakesWhatIsAboveItLowerBounds() {
    CensoredTimes times = new CensoredTimes(of(10, 20, 30, 40), of(1));
    assertThat(times.percentile(20)).isEqualTo(atLeast(1));
    assertThat(times.percentile(40)).isEqualTo(atLeast(10));
    assertThat(times.percentile(100)).isEqualTo(atLeast(40));
    assertThat(times.exactUpToPct()).isZero();
  }

  @Test
  void whereBothBoundsMeetAgainTheValueIsExact() {
    // sorted with the one given up at once: 1 5 10 10 10; never answered: 1 10 10 10 -
    CensoredTimes times = new CensoredTimes(of(1, 10, 10, 10), of(5));
    assertThat(times.percentile(20)).isEqualTo(exactly(1));
    assertThat(times.percentile(40)).isEqualTo(atLeast(5));
    assertThat(times.percentile(60)).isEqualTo(exactly(10));
    assertThat(times.percentile(80)).isEqualTo(exactly(10));
    assertThat(times.percentile(100)).isEqualTo(atLeast(10));
    assertThat(times.exactUpToPct()).isEqualTo(80);
  }

  @Test
  void whatWasGivenUpAtTheTimeOfOthersDoesNotBlurThem() {
    CensoredTimes times = new CensoredTimes(of(5, 5, 5), of(5));
    assertThat(times.percentile(75)).isEqualTo(exactly(5));
    assertThat(times.percentile(76)).isEqualTo(atLeast(5));
    assertThat(times.exactUpToPct()).isEqualTo(75);
  }

  @Test
  void withNoAnswerAtAllOnlyBoundsAreKnown() {
    CensoredTimes times = new CensoredTimes(of(), of(7, 9));
    assertThat(times.percentile(50)).isEqualTo(atLeast(7));
    assertThat(times.mean()).isEqualTo(atLeast(8));
    assertThat(times.exactUpToPct()).isZero();
  }

  @Test
  void withNoRequestNothingIsKnown() {
    CensoredTimes times = new CensoredTimes(of(), of());
    assertThat(times.percentile(50)).isEqualTo(exactly(Double.NaN));
    assertThat(times.mean()).isEqualTo(exactly(Double.NaN));
    assertThat(times.exactUpToPct()).isEqualTo(100);
  }

  /** Histograms of another range, as logs are read, have the same buckets. */
  @Test
  void longTimesOfHistogramsOfAFixedRangeMeet() {
    Histogram fixed = new Histogram(Recording.LONGEST_NS, Recording.SIGNIFICANT_DIGITS);
    fixed.recordValueWithCount(123_456_789, 99);
    CensoredTimes times = new CensoredTimes(fixed, of(123_456_700));
    assertThat(times.percentile(99).atLeast()).isFalse();
    assertThat(times.percentile(100).atLeast()).isTrue();
    assertThat(times.exactUpToPct()).isEqualTo(99);
  }
}
