package dev.conntrail.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineTest {
  /** The clock may begin anywhere, below 0 and shortly before it overflows, too. */
  @ParameterizedTest
  @ValueSource(longs = {0, -25, Long.MAX_VALUE - 25, Long.MIN_VALUE})
  void whatIsDueThenIsMeasured(long startNs) {
    Timeline timeline = new Timeline(startNs, startNs + 10, startNs + 20, startNs + 30);
    for (int ns = 0; ns < 40; ns++) {
      assertThat(timeline.measured(startNs + ns)).as("%d", ns).isEqualTo(ns / 10 == 2 ? 1 : 0);
      assertThat(timeline.measures(startNs + ns)).isEqualTo(ns / 10 == 2);
      Phase phase = timeline.phaseAt(startNs + ns);
      assertThat(timeline.endNs(phase) - startNs > ns).isEqualTo(phase != Phase.DRAIN);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 5})
  void aPhaseThatTakesNoTimeIsPassedOver(long startNs) {
    Timeline timeline = new Timeline(startNs, startNs + 10, startNs + 10, startNs + 30);
    assertThat(Phase.values())
        .filteredOn(timeline::has)
        .containsExactly(Phase.WARMUP, Phase.MEASURE);
    assertThat(Phase.values())
        .as("ended before it began")
        .filteredOn(timeline.until(startNs + 3)::has)
        .containsExactly(Phase.WARMUP);
  }
}
