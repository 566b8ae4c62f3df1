package dev.conntrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VerdictsTest {
  @Test
  void aFaultInOneCellIsFoundAmongFairOnes() {
    Random random = new Random(9);
    List<Rows.Distribution> rows = new ArrayList<>();
    for (int cell = 0; cell < 20; cell++) {
      long[] counts = draw(random, cell == 13 ? 0.4 : 0.2);
      for (int pod = 0; pod < 5; pod++) {
        rows.add(
            new Rows.Distribution(
                "cell-" + cell, 1, "pod-" + pod, "node-1", counts[pod], counts[pod]));
      }
    }
    List<String> notChance =
        Verdicts.of(rows).stream()
            .filter(v ->
                v.unit().equals(Verdicts.CONNECTIONS) && !v.verdict().equals(Verdicts.IS_CHANCE))
            .map(Rows.Verdict::cell)
            .toList();
    assertThat(notChance).containsExactly("cell-13");
  }

  /** 300 on five pods; the first draws a share of its own. */
  private static long[] draw(Random random, double share) {
    long[] counts = new long[5];
    for (int i = 0; i < 300; i++) {
      counts[random.nextDouble() < share ? 0 : 1 + random.nextInt(4)]++;
    }
    return counts;
  }
}
