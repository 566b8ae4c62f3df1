package dev.conntrail.report.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0",
        "3|3",
        "-2|-2",
        "2.625|2.63",
        "0.974|0.974",
        "0.1|0.100",
        "34.86|34.9",
        "99.97|100",
        "999.4|999",
        "999.6|1,000",
        "12345.6|12,346",
        "0.00123|0.00123",
        "3.5e-27|<0.0001",
        "NaN|NA"
      })
  void figuresHaveThreeDigits(double x, String text) {
    assertThat(Numbers.number(x)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "89500|89.5 µs",
        "912345|912 µs",
        "1.2e6|1.20 ms",
        "1.02e9|1.02 s",
        "0|0 µs",
        "NaN|NA"
      })
  void timesHaveAFittingUnit(double ns, String text) {
    assertThat(Numbers.time(ns)).isEqualTo(text);
  }

  @Test
  void rangesNameOneFigureWhereBothReadAlike() {
    assertThat(Numbers.range(0.97, 2.63)).isEqualTo("0.970 to 2.63");
    assertThat(Numbers.range(2, 2)).isEqualTo("2");
    assertThat(Numbers.range(2.631, 2.633)).isEqualTo("2.63");
    assertThat(Numbers.timeRange(35_000, 94_000)).isEqualTo("35 to 94 µs");
    assertThat(Numbers.timeRange(912_000, 6_530_000)).isEqualTo("912 µs to 6.53 ms");
    assertThat(Numbers.millis(100)).isEqualTo("100 ms");
    assertThat(Numbers.millis(5050)).isEqualTo("5.05 s");
  }

  @Test
  void nounsAreInTheRightNumber() {
    assertThat(Numbers.counted(1, "cell")).isEqualTo("1 cell");
    assertThat(Numbers.counted(1200, "cell")).isEqualTo("1,200 cells");
    assertThat(Numbers.counted(0, "pod")).isEqualTo("0 pods");
    assertThat(Numbers.counted(1.5, "pod")).isEqualTo("1.50 pods");
  }

  @Test
  void listsEndInAnd() {
    assertThat(Numbers.list(List.of())).isEmpty();
    assertThat(Numbers.list(List.of("a"))).isEqualTo("a");
    assertThat(Numbers.list(List.of("a", "b"))).isEqualTo("a and b");
    assertThat(Numbers.list(List.of("a", "b", "c"))).isEqualTo("a, b and c");
    assertThat(Numbers.some(List.of("a, b", "c"), 2)).isEqualTo("a, b; c");
    assertThat(Numbers.some(List.of("a, b", "c", "d"), 1)).isEqualTo("a, b; and 2 more");
  }

  @Test
  void probabilitiesAreNeverRoundedToNothing() {
    assertThat(Numbers.test(0.043)).isEqualTo("p = 0.043");
    assertThat(Numbers.test(4.3e-5)).isEqualTo("p = 4.3e-5");
    assertThat(Numbers.test(1e-13)).isEqualTo("p < 1e-12");
    assertThat(Numbers.test(1)).isEqualTo("p = 1");
    assertThat(Numbers.test(Double.NaN)).isEqualTo("not tested");
  }
}
