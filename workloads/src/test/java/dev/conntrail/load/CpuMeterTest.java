package dev.conntrail.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.CpuUse;
import org.junit.jupiter.api.Test;

class CpuMeterTest {
  @Test
  void countsWhatJavaCollectedMeanwhile() {
    CpuMeter.Reading before = CpuMeter.read();
    System.gc();
    CpuUse one = before.until(CpuMeter.read());
    assertThat(one.gcCount()).isPositive();
    assertThat(one.gcMs()).isNotNegative();
    assertThat(one.processNs()).isPositive();
    CpuMeter.Reading reading = CpuMeter.read();
    assertThat(reading.until(reading).gcCount()).isZero();
  }
}
