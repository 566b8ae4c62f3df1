package dev.conntrail.testbed.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KindClusterTest {
  /** A process that has the words of {@code kind create cluster}. */
  private static Process maker(String name) throws IOException {
    return new ProcessBuilder(
            "sh", "-c", "sleep 600; :", "kind", "create", "cluster", "--name", name)
        .start();
  }

  @Test
  void whatStillMakesAClusterIsEndedAndNothingElse() throws Exception {
    Process one = maker("conntrail-cttest-iptables");
    Process other = maker("conntrail-cttest-nftables");
    try {
      KindCluster.endMakers("conntrail-cttest-iptables");
      assertThat(one.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(one.descendants()).isEmpty();
      assertThat(other.isAlive()).isTrue();
    } finally {
      KindCluster.endMakers("conntrail-cttest-nftables");
    }
    assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }
}
