package dev.conntrail.testbed.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class KindConfigTest {
  @TempDir private Path folder;

  private static Map<?, ?> parse(String text) {
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  @ParameterizedTest
  @EnumSource(names = {"IPTABLES", "NFTABLES", "IPVS"})
  void onlyTheModeChanges(DataPlane mode) throws IOException {
    Map<?, ?> file = parse(Files.readString(Path.of("../kind-config.yaml")));
    Map<?, ?> used = parse(KindConfig.of(Optional.empty(), mode, 1));
    assertThat(used.get("networking")).isEqualTo(Map.of("kubeProxyMode", mode.word()));
    assertThat(used.get("nodes")).isEqualTo(file.get("nodes"));
    assertThat(used.keySet()).isEqualTo(file.keySet());
  }

  @Test
  void aConfigurationOfOnesOwnKeepsWhatElseItSays() throws IOException {
    Path own =
        Files.writeString(
            folder.resolve("own.yaml"),
            "kind: Cluster\nnetworking: {podSubnet: 10.9.0.0/16, kubeProxyMode: ipvs}\n");
    assertThat(parse(KindConfig.of(Optional.of(own), DataPlane.NFTABLES, 1)).get("networking"))
        .isEqualTo(Map.of("podSubnet", "10.9.0.0/16", "kubeProxyMode", "nftables"));
    Path list = Files.writeString(folder.resolve("list.yaml"), "- 1\n");
    assertThatThrownBy(() -> KindConfig.of(Optional.of(list), DataPlane.IPTABLES, 1))
        .isInstanceOf(TestbedException.class)
        .hasMessageContaining("list.yaml: found no mapping");
    Optional<Path> none = Optional.of(folder.resolve("none"));
    assertThatThrownBy(() -> KindConfig.of(none, DataPlane.IPTABLES, 1))
        .hasMessageContaining("cannot read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: 1 | [{role=control-plane}, {role=worker, labels={topology.kubernetes.io/zone=zone-1}}, {role=worker, labels={topology.kubernetes.io/zone=zone-2}}]",
        "nodes: [{role: control-plane}] | [{role=control-plane}, {role=worker, labels={topology.kubernetes.io/zone=zone-1}}, {role=worker, labels={topology.kubernetes.io/zone=zone-2}}]",
        "nodes: [{role: worker, image: x, labels: {a: b}}, {role: worker}] | [{role=control-plane}, {role=worker, image=x, labels={a=b, topology.kubernetes.io/zone=zone-1}}, {role=worker, image=x, labels={a=b, topology.kubernetes.io/zone=zone-2}}]",
        "nodes: [{role: control-plane}, {role: control-plane}, {role: worker}] | [{role=control-plane}, {role=control-plane}, {role=worker, labels={topology.kubernetes.io/zone=zone-1}}, {role=worker, labels={topology.kubernetes.io/zone=zone-2}}]"
      })
  void nodesThatWereAskedForAreWorkersInZonesOfTheirOwn(String own, String nodes)
      throws IOException {
    Path file = Files.writeString(folder.resolve("own.yaml"), own);
    assertThat(parse(KindConfig.of(Optional.of(file), DataPlane.IPTABLES, 2)).get("nodes"))
        .hasToString(nodes);
  }

  @Test
  void localClustersLookLikeTestsAndOthersDoNot() {
    assertThat(Connection.looksLikeTest("kind-dev", "https://10.0.0.1:6443")).isTrue();
    assertThat(Connection.looksLikeTest("minikube", "https://192.168.49.2:8443")).isTrue();
    assertThat(Connection.looksLikeTest("anything", "https://127.0.0.1:40001")).isTrue();
    assertThat(Connection.looksLikeTest("eu-test-2", "https://10.0.0.1")).isTrue();
    assertThat(Connection.looksLikeTest("production", "https://10.0.0.1")).isFalse();
    assertThat(Connection.looksLikeTest("latest", "https://10.0.0.1")).isFalse();
    assertThat(Connection.looksLikeTest("arn:aws:eks:eu:1:cluster/shop", "https://a.eks.example"))
        .isFalse();
  }
}
