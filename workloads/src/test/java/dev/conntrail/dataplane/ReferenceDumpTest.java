package dev.conntrail.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.dataplane.objects.KubeObjects;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.TestbedSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rules made from the objects of a real cluster, loaded into a namespace, listed, and held against
 * that node's listing.
 */
@Privileged
class ReferenceDumpTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final String NFT_OBJECTS = "nftables-objects.yaml";
  private static NetnsTestbed testbed;

  @BeforeAll
  static void up() {
    testbed = NetnsTestbed.up(TestbedRegistry.newRun(), new TestbedSize(1, 1, 1), false);
  }

  @AfterAll
  static void down() {
    testbed.close();
  }

  /** The objects of a node, and the cluster's DNS, which for 1.34 only the ipvs file holds. */
  private static List<ServicePort> services(KubeProxy version, String file) throws IOException {
    List<ServicePort> all = new ArrayList<>(read(version, file));
    if (version == KubeProxy.V1_34) {
      read(version, "ipvs-objects.yaml").stream()
          .filter(s -> s.namespace().equals("kube-system"))
          .forEach(all::add);
    }
    return all;
  }

  private static List<ServicePort> read(KubeProxy version, String file) throws IOException {
    return KubeObjects.parse(file, golden(version, file))
        .servicePorts(IpFamily.IPV4, "kind-worker", version);
  }

  private static String golden(KubeProxy version, String file) throws IOException {
    return Files.readString(GOLDEN.resolve(version.word()).resolve("reference").resolve(file));
  }

  private static ProxyConfig config(KubeProxy version, IpFamily family, String ip) {
    return new ProxyConfig(
        version,
        family,
        "kind-worker",
        "",
        List.of(ip),
        List.of(Cidr.parse("10.244.0.0/16").orElseThrow()),
        Cidr.parse("10.96.0.0/16").stream().toList(),
        false,
        true);
  }

  /**
   * Less what the README there calls the node's own lines: kind's DNS, the lab's masquerade rule,
   * kubelet's chains.
   */
  private static String withoutTheNodesOwn(String dump) {
    return dump.lines()
        .filter(l ->
            !l.contains("DOCKER_")
                && !l.contains("! --dst-type LOCAL -j MASQUERADE")
                && !l.contains("KUBE-KUBELET-CANARY")
                && !l.contains("KUBE-IPTABLES-HINT"))
        .collect(Collectors.joining("\n"));
  }

  /**
   * The legacy backend prints counters as the nft one does, but spaces and policy counters differ.
   */
  private static Map<String, List<String>> comparable(String dump) {
    Map<String, List<String>> chains = new TreeMap<>();
    RuleTexts.iptables(withoutTheNodesOwn(dump))
        .forEach((chain, rules) -> {
          boolean builtin = !chain.contains(" KUBE-");
          if (!builtin || !rules.isEmpty()) {
            chains.put(chain, rules.stream().map(r -> r.replaceAll(" +", " ")).toList());
          }
        });
    return chains;
  }

  @ParameterizedTest
  @CsvSource({"V1_34, NFT", "V1_34, LEGACY", "V1_37, NFT", "V1_37, LEGACY"})
  void iptablesIsWhatTheNodeHad(KubeProxy version, IptablesBackend backend) throws IOException {
    NodeProxy proxy =
        NodeProxy.of(
            new NodeProxy.Kind(DataPlane.IPTABLES, backend, IpvsScheduler.RR),
            new NodeProxy.Setup(
                testbed,
                testbed.node(),
                config(version, IpFamily.IPV4, "172.18.0.4"),
                UnaryOperator.identity()));
    NodeProxy.Installed installed = proxy.start(services(version, "iptables-objects.yaml"));
    try {
      assertThat(installed.backend()).contains(backend);
      RuleTexts.same(comparable(proxy.dump()), comparable(golden(version, "iptables-save.txt")));
    } finally {
      proxy.stop();
    }
    assertThat(run("iptables-" + backend.word() + "-save")).doesNotContain("KUBE-");
  }

  @ParameterizedTest
  @CsvSource({"V1_34, 172.18.0.2", "V1_37, 172.18.0.3"})
  void nftablesIsWhatTheNodeHad(KubeProxy version, String ip) throws IOException {
    load(NftablesRules.text(services(version, NFT_OBJECTS), config(version, IpFamily.IPV4, ip)));
    try {
      RuleTexts.same(RuleTexts.nftListing(list("ip")), dumped(version, "ip"));
    } finally {
      load("delete table ip kube-proxy\n");
    }
  }

  /** Of Services without an IPv6 address; only the dump of 1.34 has that table. */
  @Test
  void theOtherFamilyIsWhatTheNodeHad() throws IOException {
    ProxyConfig config = config(KubeProxy.V1_34, IpFamily.IPV6, "172.18.0.2");
    load(NftablesRules.text(List.of(), config));
    try {
      RuleTexts.same(RuleTexts.nftListing(list("ip6")), dumped(KubeProxy.V1_34, "ip6"));
    } finally {
      load("delete table ip6 kube-proxy\n");
    }
  }

  private static Map<String, List<String>> dumped(KubeProxy version, String family)
      throws IOException {
    Map<String, List<String>> blocks = RuleTexts.nftListing(golden(version, "nft-list.txt"));
    blocks.keySet().removeIf(b -> !b.startsWith("table " + family + " "));
    return blocks;
  }

  /**
   * Reloading is what kube-proxy does after a restart; a later version finds the chains of an
   * earlier one, which it does not use and does not remove.
   */
  @ParameterizedTest
  @CsvSource({"V1_34, V1_34", "V1_37, V1_37", "V1_34, V1_37"})
  void nftablesLoadsOverWhatIsThere(KubeProxy before, KubeProxy now) throws IOException {
    String text = ofNow(now);
    load(text);
    Map<String, List<String>> fresh = RuleTexts.nftListing(list("ip"));
    load("delete table ip kube-proxy\n" + ofNow(before));
    load(text);
    Map<String, List<String>> over = RuleTexts.nftListing(list("ip"));
    load("delete table ip kube-proxy\n");
    if (before != now) {
      assertThat(over.keySet()).anyMatch(b -> b.contains("mark-for-masquerade"));
      over.keySet().retainAll(fresh.keySet());
    }
    assertThat(over).isEqualTo(fresh);
  }

  private static String ofNow(KubeProxy version) throws IOException {
    return NftablesRules.text(
        services(version, NFT_OBJECTS), config(version, IpFamily.IPV4, "172.18.0.2"));
  }

  private static void load(String text) {
    testbed.run(testbed.node(), List.of("nft", "-f", "-"), text, Programs.SHORT);
  }

  private static String list(String family) {
    return run("nft", "list", "table", family, "kube-proxy");
  }

  private static String run(String... command) {
    return testbed.run(testbed.node(), List.of(command), "", Programs.SHORT);
  }
}
