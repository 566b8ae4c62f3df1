package dev.conntrail.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.dataplane.objects.KubeObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects drawn at random, held against what kube-proxy's own code made of them. */
class RandomObjectsGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/random");

  private final ProxyConfig config =
      new ProxyConfig(
          "node-a",
          "z1",
          List.of("192.168.0.2"),
          Cidr.parse("10.244.0.0/16"),
          Cidr.parse("10.96.0.0/16").stream().toList(),
          false,
          true);

  static List<Path> objects() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static Path beside(Path objects, String ending) {
    return objects.resolveSibling(objects.getFileName().toString().replace("yaml", ending));
  }

  private static List<ServicePort> services(Path objects) throws IOException {
    return KubeObjects.parse(objects.toString(), Files.readString(objects))
        .servicePorts(IpFamily.IPV4, "node-a");
  }

  @ParameterizedTest
  @MethodSource("objects")
  void iptablesTextIsKubeProxys(Path objects) throws IOException {
    Map<String, List<String>> ours =
        RuleTexts.iptables(
            IptablesRules.text(services(objects), config).replace(" --random-fully", ""));
    // kube-proxy makes these apart from the restore
    ours.keySet()
        .removeIf(c ->
            c.endsWith("-CANARY")
                || c.matches("(filter|nat) (INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING)"));
    assertThat(ours).isEqualTo(RuleTexts.iptables(Files.readString(beside(objects, "iptables"))));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void nftablesTextIsKubeProxys(Path objects) throws IOException {
    assertThat(RuleTexts.nftCommands(NftablesRules.text(services(objects), config, IpFamily.IPV4)))
        .isEqualTo(RuleTexts.nftCommands(Files.readString(beside(objects, "nftables"))));
  }
}
