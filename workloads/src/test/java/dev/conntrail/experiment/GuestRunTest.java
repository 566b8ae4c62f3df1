package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentReader;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GuestRunTest {
  private static final Experiment EXPERIMENT =
      ExperimentReader.parse(
          "guest.yaml",
          "experiment: guest\ntestbed: uml\nmatrix:\n  - {data-plane: ipvs, connections: 2}\n");

  private static GuestRun.Order order(String edit, Duration echoDelay) {
    return new GuestRun.Order(EXPERIMENT, EXPERIMENT.cells(), "ct0a1b2c", edit, echoDelay);
  }

  @Test
  void plantedFaultsGoIntoTheGuest() {
    assertThat(order("a=>b", Duration.ofSeconds(2)).arguments())
        .endsWith("--edit-rules", "a=>b", "--echo-delay", "2000ms");
    assertThat(order("", Duration.ZERO).arguments())
        .endsWith("--no-report")
        .doesNotContain("--edit-rules", "--echo-delay");
  }
}
