package dev.conntrail.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.dataplane.objects.KubeObjects;
import dev.conntrail.spec.KubeProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects drawn at random, held against what kube-proxy's own code made of them. */
class RandomObjectsGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private static ProxyConfig config(KubeProxy version, IpFamily family, Path objects) {
    boolean v4 = family == IpFamily.IPV4;
    String name = objects.getFileName().toString();
    return new ProxyConfig(
        version,
        family,
        "node-a",
        "z1",
        List.of(v4 ? "192.168.0.2" : "fd00:192:168::2"),
        name.equals("o215.yaml")
            ? List.of()
            : Cidr.parse(v4 ? "10.244.0.0/16" : "fd00:10:244::/48").stream().toList(),
        Cidr.parse(v4 ? "10.96.0.0/16" : "fd00:10:96::/112").stream().toList(),
        name.equals("o384.yaml"),
        true);
  }

  private static List<Path> drawn(KubeProxy version) {
    try (Stream<Path> files = Files.list(GOLDEN.resolve(version.word()).resolve("random"))) {
      return files
          .filter(f -> f.getFileName().toString().matches("o\\d+\\.yaml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those of 1.34 have IPv4 addresses only. */
  static Stream<Arguments> objects() {
    return Stream.concat(
        drawn(KubeProxy.V1_34).stream().map(o -> Arguments.of(KubeProxy.V1_34, IpFamily.IPV4, o)),
        objectsThatChange()
            .map(Arguments::get)
            .map(a -> Arguments.of(KubeProxy.V1_37, a[0], a[1])));
  }

  static Stream<Arguments> objectsThatChange() {
    return Arrays.stream(IpFamily.values())
        .flatMap(f -> drawn(KubeProxy.V1_37).stream().map(o -> Arguments.of(f, o)));
  }

  /** The ending of a golden of a mode. */
  private static String ending(String mode, IpFamily family) {
    return family == IpFamily.IPV4 ? mode : mode + "6";
  }

  private static Path beside(Path objects, String ending) {
    return objects.resolveSibling(objects.getFileName().toString().replace("yaml", ending));
  }

  private static String kubeProxys(Path objects, String ending) throws IOException {
    return Files.readString(beside(objects, ending));
  }

  private static List<ServicePort> services(KubeProxy version, Path objects, IpFamily family)
      throws IOException {
    return KubeObjects.parse(objects.toString(), Files.readString(objects))
        .servicePorts(family, "node-a", version);
  }

  /**
   * Less what kube-proxy makes apart from the restore; of IPv6 that is a chain KUBE-FIREWALL that
   * stays empty, too.
   */
  private static Map<String, List<String>> restored(String text) {
    Map<String, List<String>> chains = RuleTexts.iptables(text);
    chains
        .keySet()
        .removeIf(c ->
            c.endsWith("-CANARY")
                || c.matches("(filter|nat) (INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING)"));
    chains.remove("filter KUBE-FIREWALL", List.of());
    return chains;
  }

  @ParameterizedTest
  @MethodSource("objects")
  void iptablesTextIsKubeProxys(KubeProxy version, IpFamily family, Path objects)
      throws IOException {
    String ours =
        IptablesRules.text(services(version, objects, family), config(version, family, objects));
    // the goldens of 1.34 were made with an iptables that has no such option
    String comparable = version == KubeProxy.V1_34 ? ours.replace(" --random-fully", "") : ours;
    assertThat(restored(comparable))
        .isEqualTo(restored(kubeProxys(objects, ending("iptables", family))));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void nftablesTextIsKubeProxys(KubeProxy version, IpFamily family, Path objects)
      throws IOException {
    String ours =
        NftablesRules.text(services(version, objects, family), config(version, family, objects));
    assertThat(RuleTexts.nftCommands(ours))
        .isEqualTo(RuleTexts.nftCommands(kubeProxys(objects, ending("nftables", family))));
  }

  /** A first sync and the one after a change, command by command. */
  @ParameterizedTest
  @MethodSource("objectsThatChange")
  void nftablesTransactionsAreKubeProxys(IpFamily family, Path objects) throws IOException {
    ProxyConfig config = config(KubeProxy.V1_37, family, objects);
    String ending = ending("nftables", family);
    List<ServicePort> before = services(KubeProxy.V1_37, objects, family);
    List<ServicePort> after = services(KubeProxy.V1_37, beside(objects, "after.yaml"), family);
    assertThat(RuleTexts.nftTransaction(NftablesRules.text(before, config)))
        .isEqualTo(RuleTexts.nftTransaction(kubeProxys(objects, ending)));
    assertThat(RuleTexts.nftTransaction(NftablesRules.sync(before, after, config)))
        .isEqualTo(RuleTexts.nftTransaction(kubeProxys(objects, ending + ".sync")));
  }

  @ParameterizedTest
  @MethodSource("objectsThatChange")
  void iptablesSyncIsKubeProxys(IpFamily family, Path objects) throws IOException {
    String ours =
        IptablesRules.sync(
            services(KubeProxy.V1_37, objects, family),
            services(KubeProxy.V1_37, beside(objects, "after.yaml"), family),
            config(KubeProxy.V1_37, family, objects));
    assertThat(restored(ours))
        .isEqualTo(restored(kubeProxys(objects, ending("iptables", family) + ".sync")));
  }

  /** Its iptables rules, and the lines of its servers, sets and addresses in any order. */
  @ParameterizedTest
  @MethodSource("objectsThatChange")
  void ipvsIsKubeProxys(IpFamily family, Path objects) throws IOException {
    IpvsRules ours =
        IpvsRules.of(
            services(KubeProxy.V1_37, objects, family),
            config(KubeProxy.V1_37, family, objects),
            "rr");
    String theirs = kubeProxys(objects, ending("ipvs", family));
    int rules = theirs.indexOf("*nat");
    Set<String> state = new TreeSet<>();
    ours.addresses().forEach(a -> state.add("address " + a));
    ours.ipset().lines().filter(l -> l.startsWith("add ")).forEach(state::add);
    ours.ipvsadm().lines().forEach(state::add);
    assertThat(state)
        .containsExactlyElementsOf(
            new TreeSet<>(theirs.substring(0, rules).lines().filter(l -> !l.isBlank()).toList()));
    assertThat(restored(ours.iptables())).isEqualTo(restored(theirs.substring(rules)));
  }
}
