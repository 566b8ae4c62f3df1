package dev.conntrail.testbed.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.spec.DataPlane;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import org.junit.jupiter.api.Test;

class KubeProxyTest {
  @Test
  void onlyTheModeOfItsConfigurationChanges() {
    ConfigMap map =
        new ConfigMapBuilder()
            .addToData(
                "config.conf", "iptables:\n  masqueradeAll: false\nmode: iptables\nport: 1\n")
            .addToData("kubeconfig.conf", "mode: other")
            .build();
    ConfigMap changed = KubeProxy.withMode(map, DataPlane.NFTABLES);
    assertThat(changed.getData())
        .containsEntry(
            "config.conf", "iptables:\n  masqueradeAll: false\nmode: nftables\nport: 1\n")
        .containsEntry("kubeconfig.conf", "mode: other");
    assertThat(ProxyFacts.modeOf(changed.getData().get("config.conf")))
        .hasValue(DataPlane.NFTABLES);
  }

  @Test
  void itsMetricsSayWhenAllWasWritten() {
    String name = "kubeproxy_sync_proxy_rules_last_timestamp_seconds";
    assertThat(KubeProxy.synced("# TYPE " + name + " gauge\n" + name + " 1.7643e+09\n"))
        .hasValue(1.7643e9);
    assertThat(
            KubeProxy.synced(
                name + "{ip_family=\"IPv6\"} 1.5e+09\n" + name + "{ip_family=\"IPv4\"} 1.6e+09\n"))
        .hasValue(1.6e9);
    assertThat(KubeProxy.synced(name + "{ip_family=\"IPv6\"} 1.5e+09\n")).isEmpty();
    assertThat(KubeProxy.synced("")).isEmpty();
  }
}
