package dev.conntrail.analysis.chance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.analysis.chance.DrawsAmong.Part;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DrawsAmongTest {
  private static final int DRAWS = 200_000;

  /** Nine connections on three pods, six on one, and a pod that nobody draws. */
  private static final DrawsAmong APART =
      new DrawsAmong(5, List.of(new Part(9, List.of(0, 2, 4)), new Part(6, List.of(1))));

  /** The third draw is from all: pods are in two draws. */
  private static final DrawsAmong ACROSS =
      new DrawsAmong(
          3,
          List.of(
              new Part(4, List.of(0, 1)), new Part(3, List.of(2)), new Part(5, List.of(0, 1, 2))));

  private static int[] drawn(DrawsAmong draws, Random random) {
    int[] counts = new int[draws.pods()];
    for (Part part : draws.parts()) {
      for (int i = 0; i < part.connections(); i++) {
        counts[part.among().get(random.nextInt(part.among().size()))]++;
      }
    }
    return counts;
  }

  @Test
  void expectsWhatDrawingGives() {
    for (DrawsAmong draws : List.of(APART, ACROSS)) {
      Random random = new Random(7);
      FairDraw.Band band = draws.band(0.99);
      double idle = 0;
      double most = 0;
      double held = 0;
      for (int i = 0; i < DRAWS; i++) {
        int[] counts = drawn(draws, random);
        int max = 0;
        int min = Integer.MAX_VALUE;
        for (int c : counts) {
          idle += c == 0 ? 1 : 0;
          max = Math.max(max, c);
          min = Math.min(min, c);
        }
        most += max;
        held += band.low() <= min && max <= band.high() ? 1 : 0;
      }
      assertThat(draws.expectedIdle()).isCloseTo(idle / DRAWS, within(0.01));
      assertThat(held / DRAWS).isGreaterThanOrEqualTo(0.99);
      double all = draws.parts().stream().mapToLong(Part::connections).sum();
      if (draws.equals(APART)) {
        assertThat(draws.expectedMaxOverMean())
            .isCloseTo(most / DRAWS * draws.pods() / all, within(0.01));
      } else {
        assertThat(draws.expectedMaxOverMean()).isNaN();
      }
    }
  }

  @Test
  void oneDrawFromAllIsThatDraw() {
    DrawsAmong one = new DrawsAmong(4, List.of(new Part(30, List.of(0, 1, 2, 3))));
    FairDraw same = new FairDraw(30, 4);
    assertThat(one.expectedIdle()).isCloseTo(same.expectedIdle(), within(1e-12));
    assertThat(one.expectedMaxOverMean()).isCloseTo(same.expectedMaxOverMean(), within(1e-9));
    assertThat(one.band(0.99)).isEqualTo(same.band(0.99));
  }

  @Test
  void whereNothingIsDrawnAllAreIdle() {
    DrawsAmong none = new DrawsAmong(3, List.of());
    assertThat(none.expectedIdle()).isEqualTo(3);
    assertThat(none.expectedMaxOverMean()).isNaN();
    assertThat(none.band(0.99)).isEqualTo(new FairDraw.Band(0, 0));
  }
}
