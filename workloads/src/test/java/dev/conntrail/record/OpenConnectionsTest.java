package dev.conntrail.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.OpenConnections.Life;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenConnectionsTest {
  @Test
  void aConnectionCountsAtTheEndOfEachBinInWhichItLives() {
    assertThat(
            OpenConnections.byPod(
                List.of(
                    new Life("pod-1", -20, 250),
                    new Life("pod-1", 100, Double.NaN),
                    new Life("pod-1", 101, Double.POSITIVE_INFINITY),
                    new Life("pod-2", 310, 390),
                    new Life("pod-3", 0, 400),
                    new Life("pod-3", 450, 9999)),
                100,
                5))
        .containsOnlyKeys("pod-1", "pod-2", "pod-3")
        // ends of bins: 100, 200, 300, 400, 500 ms
        .containsEntry("pod-1", List.of(2L, 3L, 2L, 2L, 2L))
        .containsEntry("pod-2", List.of(0L, 0L, 0L, 0L, 0L))
        .containsEntry("pod-3", List.of(1L, 1L, 1L, 0L, 1L));
  }

  @Test
  void whatBeginsAfterTheLastBinOrEndedBeforeTheFirstDoesNotCount() {
    assertThat(
            OpenConnections.byPod(
                List.of(new Life("pod-1", -500, -100), new Life("pod-1", 201, 300)), 100, 2))
        .containsEntry("pod-1", List.of(0L, 0L));
  }
}
