package dev.conntrail.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameTest {
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "3, 3", "4, 4", "7, 8", "9.5, 10", "43, 60", "61, 80", "1234, 1500"})
  void anAxisEndsAtALineOfItsGrid(double most, double top) {
    assertThat(Frame.roundedUp(most)).isEqualTo(top);
  }

  @ParameterizedTest
  @CsvSource({"0.003", "0.7", "1", "42", "999", "123456"})
  void aGridHasFewRoundLines(double most) {
    double lines = Frame.roundedUp(most) / Frame.step(most);
    assertThat(lines).isBetween(1.0, 5.0).isCloseTo(Math.rint(lines), within());
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-9);
  }
}
