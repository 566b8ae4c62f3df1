package dev.conntrail.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.CpuUse;
import org.junit.jupiter.api.Test;

class CpuMeterTest {
  @Test
  void countsWhatJavaCollectedMeanwhile() {
    CpuMeter.begin();
    CpuMeter.Reading before = CpuMeter.read();
    System.gc();
    CpuMeter.Reading after = CpuMeter.read();
    CpuUse one = before.until(after);
    while (one.gcPauseMs() == 0) { // it is told a moment later
      Thread.onSpinWait();
      one = before.until(after);
    }
    assertThat(one.gcPauseMs()).isLessThanOrEqualTo(after.upMs() - before.upMs() + 1);
    assertThat(one.gcCount()).isPositive();
    assertThat(one.gcMs()).isNotNegative();
    assertThat(one.processNs()).isPositive();
    CpuMeter.Reading reading = CpuMeter.read();
    assertThat(reading.until(reading).gcCount()).isZero();
  }
}
