package dev.conntrail.result.row;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.Death;
import dev.conntrail.spec.CellId;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionRowTest {
  private static ConnectionRow born(double bornMs, double connectNs) {
    return new ConnectionRow(
        new At("run", new CellId("0a1b2c3d"), 1),
        "client-1",
        Optional.empty(),
        1,
        "10.244.200.1",
        40_000,
        "10.96.0.10",
        80,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        bornMs,
        connectNs,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Death.OPEN,
        0,
        0,
        0,
        Optional.empty());
  }

  /** A pod that came meanwhile answers the second or third SYN, and no older one. */
  @ParameterizedTest
  @CsvSource({"0.2, 4999.8", "300, 4700", "1004, 4996", "3010, 4990"})
  void beganWithTheSynThatWasAnswered(double connectMs, double begunMs) {
    assertThat(born(5000, connectMs * 1e6).begunMs()).isEqualTo(begunMs, Offset.offset(1e-6));
  }
}
