package dev.conntrail.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Duration TWO = Duration.ofNanos(2);
  private static final Duration TEN = Duration.ofNanos(10);

  @Test
  void delaysPassSideBySide() {
    Pace pace = new Pace(TWO);
    pace.slow(TEN, Duration.ZERO);
    assertThat(pace.dueNs(100)).isEqualTo(112);
    assertThat(pace.dueNs(101)).isEqualTo(113);
  }

  @Test
  void whatTakesOneProcessorWaitsForWhatCameBefore() {
    Pace pace = new Pace(TWO);
    pace.slow(Duration.ZERO, TEN);
    assertThat(pace.dueNs(100)).isEqualTo(112);
    assertThat(pace.dueNs(101)).as("the processor is free at 110").isEqualTo(122);
    assertThat(pace.alongNs(102)).as("its head takes nothing").isEqualTo(104);
    assertThat(pace.dueNs(200)).as("and nothing is made up for").isEqualTo(212);
  }

  @Test
  void onlyWhatIsNotSlowedAnswersAtOnce() {
    Pace pace = new Pace(Duration.ZERO);
    assertThat(pace.atOnce()).isTrue();
    pace.slow(Duration.ZERO, TEN);
    assertThat(pace.atOnce()).isFalse();
    pace.slow(Duration.ZERO, Duration.ZERO);
    assertThat(pace.atOnce()).isTrue();
    assertThat(new Pace(TWO).atOnce()).isFalse();
  }
}
