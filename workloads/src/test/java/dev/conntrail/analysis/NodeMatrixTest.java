package dev.conntrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.analysis.chance.Method;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeMatrixTest {
  private static NodeMatrix of(int aa, int ab, int ba, int bb) {
    NodeMatrix m = new NodeMatrix(Map.of("a", 3, "b", 1));
    for (int i = 0; i < aa; i++) {
      m.add("a", "a");
    }
    for (int i = 0; i < ab; i++) {
      m.add("a", "b");
    }
    for (int i = 0; i < ba; i++) {
      m.add("b", "a");
    }
    for (int i = 0; i < bb; i++) {
      m.add("b", "b");
    }
    return m;
  }

  @Test
  void chanceGivesEachNodeTheShareOfItsPods() {
    NodeMatrix m = of(75, 25, 75, 25);
    assertThat(m.expected("a", "a")).isEqualTo(75);
    assertThat(m.expected("b", "b")).isEqualTo(25);
    assertThat(m.sameNodeShare()).isEqualTo(0.5);
    assertThat(m.sameNodeShareExpected()).isEqualTo(0.5);
    assertThat(m.p()).isEqualTo(1);
  }

  @Test
  void aDetourToTheOwnNodeIsSeen() {
    NodeMatrix local = of(100, 0, 20, 80);
    assertThat(local.sameNodeShare()).isEqualTo(0.9);
    assertThat(local.p()).isLessThan(1e-12);
  }

  @Test
  void theProbabilityIsPearsons() {
    assertThat(of(80, 20, 80, 20).p()).isCloseTo(Math.exp(-4.0 / 3), within(1e-9));
    assertThat(of(4, 1, 0, 0).test().method()).isInstanceOf(Method.MonteCarlo.class);
  }
}
