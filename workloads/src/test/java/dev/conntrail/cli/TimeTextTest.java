package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTextTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "250, 0.25 s",
    "9000, 9 s",
    "9999, 9.999 s",
    "10900, 10 s",
    "119999, 119 s",
    "120000, 2 min 0 s",
    "3599999, 59 min 59 s",
    "3600000, 1 h 0 min",
    "93599999, 25 h 59 min"
  })
  void asAPersonWouldSayIt(long ms, String said) {
    assertThat(TimeText.of(Duration.ofMillis(ms))).isEqualTo(said);
  }
}
