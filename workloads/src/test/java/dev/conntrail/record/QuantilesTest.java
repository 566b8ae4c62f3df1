package dev.conntrail.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class QuantilesTest {
  @Test
  void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    assertThat(Quantiles.median(4, 1, 2, 10)).isEqualTo(3);
    assertThat(Quantiles.median(List.of(7.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(Quantiles.percentile(new double[] {1, 2, 3}, 25)).isEqualTo(1);
  }

  @Test
  void aPercentileOfAHistogramIsAValueOfIt() {
    Histogram h = new Histogram(3);
    for (int i = 1; i <= 4; i++) {
      h.recordValue(i);
    }
    assertThat(Quantiles.percentile(h, 50)).isEqualTo(2);
    assertThat(Quantiles.percentile(h, 100)).isEqualTo(4);
  }

  @Test
  void nothingHasNone() {
    assertThat(Quantiles.median()).isNaN();
    assertThat(Quantiles.percentile(new double[0], 25)).isNaN();
    assertThat(Quantiles.percentile(new Histogram(3), 100)).isNaN();
  }
}
