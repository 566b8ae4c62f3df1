package dev.conntrail.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class KubeProxyTest {
  private static Cell cell(DataPlane plane, KubeProxy version) {
    Phases phases =
        new Phases(
            Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1));
    return Cell.of(new Course(phases, List.of(), 1))
        .with(Axes.DATA_PLANE, plane)
        .with(Axes.KUBE_PROXY, version);
  }

  @Test
  void aNodeSaysWhichItIs() {
    assertThat(KubeProxy.of("v1.37.2")).contains(KubeProxy.V1_37);
    assertThat(KubeProxy.of("1.34.4-eks-1")).contains(KubeProxy.V1_34);
    assertThat(KubeProxy.of("v1.35.1")).contains(KubeProxy.V1_34);
    assertThat(KubeProxy.of("v1.36.0")).contains(KubeProxy.V1_37);
    assertThat(KubeProxy.of("v1.38.0-alpha.1")).contains(KubeProxy.V1_37);
    assertThat(KubeProxy.of("v1.3")).isEmpty();
    assertThat(KubeProxy.of("v1.33.4")).isEmpty();
    assertThat(KubeProxy.of("v2.36")).isEmpty();
    assertThat(KubeProxy.of("unknown")).isEmpty();
  }

  /** Cells of 1.34 are those of folders that have no such axis. */
  @Test
  void onlyWhatDiffersIsPartOfAKey() {
    assertThat(cell(DataPlane.NFTABLES, KubeProxy.V1_34).key()).doesNotContain("kube-proxy");
    assertThat(cell(DataPlane.NFTABLES, KubeProxy.V1_37).key())
        .startsWith("data-plane=nftables kube-proxy=1.37 protocol=");
    for (DataPlane plane : List.of(DataPlane.IPTABLES, DataPlane.IPVS, DataPlane.DIRECT)) {
      assertThat(cell(plane, KubeProxy.V1_37).key()).doesNotContain("kube-proxy");
    }
  }

  /** {@code platformCleanup}, in each of the six directions of a change. */
  @Test
  void iptablesAndIpvsLeaveEachOthersRulesAndNftablesNobodys() {
    assertThat(DataPlane.IPVS.removes(DataPlane.IPTABLES)).isFalse();
    assertThat(DataPlane.IPTABLES.removes(DataPlane.IPVS)).isFalse();
    for (DataPlane other : List.of(DataPlane.IPTABLES, DataPlane.IPVS)) {
      assertThat(DataPlane.NFTABLES.removes(other)).isTrue();
      assertThat(other.removes(DataPlane.NFTABLES)).isTrue();
    }
  }

  @Test
  void aTitleNamesAnotherThanTheUsual() {
    assertThat(cell(DataPlane.NFTABLES, KubeProxy.V1_34).title())
        .startsWith("nftables, kube-proxy 1.34, http1");
    assertThat(cell(DataPlane.NFTABLES, KubeProxy.V1_37).title()).startsWith("nftables, http1");
  }
}
