package dev.conntrail.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.dataplane.objects.KubeObjects;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
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
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rules made from the objects of a real cluster, loaded into a namespace, listed, and held against
 * that node's listing.
 */
@Privileged
class ReferenceDumpTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/reference");
  private static NetnsTestbed testbed;

  @BeforeAll
  static void up() {
    testbed = NetnsTestbed.up(TestbedRegistry.newRun(), new TestbedSize(1, 1, 1), false);
  }

  @AfterAll
  static void down() {
    testbed.close();
  }

  /** The objects of a file, and the cluster's DNS, which only the file of all namespaces holds. */
  private static List<ServicePort> services(String file, IpFamily family, String node)
      throws IOException {
    List<ServicePort> all = new ArrayList<>(read(file).servicePorts(family, node));
    read("ipvs-objects.yaml").servicePorts(family, node).stream()
        .filter(s -> s.namespace().equals("kube-system"))
        .forEach(all::add);
    return all;
  }

  private static KubeObjects read(String file) throws IOException {
    return KubeObjects.parse(file, Files.readString(FOLDER.resolve(file)));
  }

  private static ProxyConfig config(String node, String ip) {
    return new ProxyConfig(
        node,
        "",
        List.of(ip),
        Cidr.parse("10.244.0.0/16"),
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
  @EnumSource(
      value = IptablesBackend.class,
      names = {"NFT", "LEGACY"})
  void iptablesIsWhatTheNodeHad(IptablesBackend backend) throws IOException {
    NodeProxy proxy =
        NodeProxy.of(
            new NodeProxy.Kind(DataPlane.IPTABLES, backend, IpvsScheduler.RR),
            new NodeProxy.Setup(
                testbed,
                testbed.node(),
                config("kind-worker", "172.18.0.4"),
                UnaryOperator.identity()));
    NodeProxy.Installed installed =
        proxy.start(services("iptables-objects.yaml", IpFamily.IPV4, "kind-worker"));
    try {
      assertThat(installed.backend()).contains(backend);
      RuleTexts.same(
          comparable(proxy.dump()),
          comparable(Files.readString(FOLDER.resolve("iptables-save.txt"))));
    } finally {
      proxy.stop();
    }
    String left =
        testbed.run(
            testbed.node(), List.of("iptables-" + backend.word() + "-save"), "", Programs.SHORT);
    assertThat(left).doesNotContain("KUBE-");
  }

  @Test
  void nftablesIsWhatTheNodeHad() throws IOException {
    String text =
        NftablesRules.text(
                services("nftables-objects.yaml", IpFamily.IPV4, "kind-worker"),
                config("kind-worker", "172.18.0.2"),
                IpFamily.IPV4)
            + NftablesRules.text(List.of(), config("kind-worker", "172.18.0.2"), IpFamily.IPV6);
    testbed.run(testbed.node(), List.of("nft", "-f", "-"), text, Programs.SHORT);
    try {
      String listed =
          testbed.run(
                  testbed.node(),
                  List.of("nft", "list", "table", "ip", "kube-proxy"),
                  "",
                  Programs.SHORT)
              + testbed.run(
                  testbed.node(),
                  List.of("nft", "list", "table", "ip6", "kube-proxy"),
                  "",
                  Programs.SHORT);
      RuleTexts.same(
          RuleTexts.nftListing(listed),
          RuleTexts.nftListing(Files.readString(FOLDER.resolve("nft-list.txt"))));
    } finally {
      testbed.run(
          testbed.node(),
          List.of("nft", "-f", "-"),
          "delete table ip kube-proxy\ndelete table ip6 kube-proxy\n",
          Programs.SHORT);
    }
  }

  /** Reloading is what kube-proxy does after a restart. */
  @Test
  void nftablesLoadsTwice() throws IOException {
    String text =
        NftablesRules.text(
            services("nftables-objects.yaml", IpFamily.IPV4, "kind-worker"),
            config("kind-worker", "172.18.0.2"),
            IpFamily.IPV4);
    testbed.run(testbed.node(), List.of("nft", "-f", "-"), text, Programs.SHORT);
    String once =
        testbed.run(
            testbed.node(),
            List.of("nft", "list", "table", "ip", "kube-proxy"),
            "",
            Programs.SHORT);
    testbed.run(testbed.node(), List.of("nft", "-f", "-"), text, Programs.SHORT);
    String twice =
        testbed.run(
            testbed.node(),
            List.of("nft", "list", "table", "ip", "kube-proxy"),
            "",
            Programs.SHORT);
    testbed.run(
        testbed.node(), List.of("nft", "delete", "table", "ip", "kube-proxy"), "", Programs.SHORT);
    assertThat(RuleTexts.nftListing(twice)).isEqualTo(RuleTexts.nftListing(once));
  }
}
