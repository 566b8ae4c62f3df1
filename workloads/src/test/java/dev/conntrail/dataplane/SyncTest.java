package dev.conntrail.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.TestbedSize;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** After a partial sync the kernel has what a load of the new state would have given it. */
class SyncTest {
  private static final int SYNCS = 8;

  /** Services of which each has some of ten endpoints, perhaps none, and perhaps affinity. */
  private static List<ServicePort> services(Random random) {
    return IntStream.range(0, 5)
        .mapToObj(i ->
            service(
                "TCP",
                i,
                random.nextInt(3) == 0 ? 60 : 0,
                IntStream.range(1, 11)
                    .filter(_ -> i > 0 && random.nextInt(4) < i)
                    .mapToObj(e -> Endpoint.ready("10.244.1." + e, 8080, "node-" + e % 2))
                    .toList()))
        .toList();
  }

  private static ServicePort service(
      String protocol, int i, int affinitySeconds, List<Endpoint> endpoints) {
    return new ServicePort(
        "default",
        "svc-" + i,
        "",
        protocol,
        "10.96.0." + (20 + i),
        80,
        0,
        List.of(),
        List.of(),
        List.of(),
        affinitySeconds,
        0,
        false,
        false,
        endpoints);
  }

  static Stream<Arguments> planes() {
    return Stream.of(
        Arguments.of(DataPlane.IPTABLES, IptablesBackend.LEGACY, KubeProxy.V1_37),
        Arguments.of(DataPlane.IPTABLES, IptablesBackend.NFT, KubeProxy.V1_37),
        Arguments.of(DataPlane.NFTABLES, IptablesBackend.AUTO, KubeProxy.V1_34),
        Arguments.of(DataPlane.NFTABLES, IptablesBackend.AUTO, KubeProxy.V1_37));
  }

  @Privileged
  @ParameterizedTest
  @MethodSource("planes")
  void aSyncEndsWhereALoadWould(DataPlane plane, IptablesBackend backend, KubeProxy version) {
    Random random = new Random(7);
    NodeProxy.Kind kind = new NodeProxy.Kind(plane, backend, IpvsScheduler.RR);
    try (NetnsTestbed synced = up();
        NetnsTestbed loaded = up()) {
      NodeProxy proxy = proxy(kind, version, synced);
      proxy.start(services(random));
      for (int i = 0; i < SYNCS; i++) {
        List<ServicePort> now = services(random);
        proxy.sync(now, true);
        NodeProxy fresh = proxy(kind, version, loaded);
        fresh.start(now);
        assertThat(comparable(proxy.dump())).isEqualTo(comparable(fresh.dump()));
        fresh.stop();
      }
    }
  }

  private static NetnsTestbed up() {
    return NetnsTestbed.up(TestbedRegistry.newRun(), new TestbedSize(1, 1, 1), false);
  }

  private static NodeProxy proxy(NodeProxy.Kind kind, KubeProxy version, NetnsTestbed testbed) {
    return NodeProxy.of(
        kind, NodeProxy.Setup.on(testbed, testbed.node(), version, UnaryOperator.identity()));
  }

  /**
   * Chains by name, rules in order. Counters mean nothing; chains of nftables that are no longer
   * used are empty, for kube-proxy deletes them a second later; the handles of its anonymous maps
   * and the order of elements are the kernel's.
   */
  private static List<String> comparable(String dump) {
    List<String> blocks = new ArrayList<>();
    if (!dump.contains("chain ")) {
      dump.lines()
          .filter(l -> !l.startsWith("#"))
          .map(l -> l.replaceAll("\\[\\d+:\\d+]", ""))
          .forEach(blocks::add);
      return blocks;
    }
    String block = "";
    for (String line : dump.lines().toList()) {
      block += line.strip() + "\n";
      if (line.strip().equals("}")) {
        if (!block.strip().matches("chain \\S+ \\{\\s*}")) {
          blocks.add(
              Stream.of(block.split("[,\n]"))
                  .map(String::strip)
                  .map(l -> l.replaceAll("elements = \\{ | }$", ""))
                  .sorted()
                  .collect(Collectors.joining("\n")));
        }
        block = "";
      }
    }
    blocks.sort(null);
    return blocks;
  }

  private static List<ServicePort> one(String... endpoints) {
    return of("TCP", endpoints);
  }

  private static List<ServicePort> of(String protocol, String... endpoints) {
    List<Endpoint> ready =
        Stream.of(endpoints).map(e -> Endpoint.ready(e, 8080, "node-1")).toList();
    return List.of(service(protocol, 0, 0, ready));
  }

  private static final ProxyConfig CONFIG =
      new ProxyConfig(
          KubeProxy.V1_37,
          IpFamily.IPV4,
          "node-1",
          "",
          List.of("10.1.0.1"),
          List.of(Cidr.parse("10.244.0.0/16").orElseThrow()),
          List.of(),
          false,
          false);

  private static final String REMOVED = "-t 10.96.0.20:80 10.244.1.2:8080";

  /** Of two endpoints the second leaves, while some real servers have connections. */
  private static IpvsSync secondLeaves(Set<String> dying, String... connected) {
    return IpvsSync.of(
        one("10.244.1.1", "10.244.1.2"), one("10.244.1.1"), CONFIG, "rr", dying, Set.of(connected));
  }

  /** {@code graceful_termination.go}: weight 0, and deleted and made anew when it comes back. */
  @Test
  void ipvsSetsTheWeightToNothingAndMakesItAnew() {
    Set<String> dying = new HashSet<>();
    IpvsSync gone = secondLeaves(dying, REMOVED);
    assertThat(gone.ipvsadm()).isEqualTo("-e -t 10.96.0.20:80 -r 10.244.1.2:8080 -m -w 0\n");
    assertThat(gone.ipset()).isEqualTo("del KUBE-LOOP-BACK 10.244.1.2,tcp:8080,10.244.1.2\n");
    assertThat(gone.iptables()).contains(":KUBE-SERVICES - [0:0]").doesNotContain("-A PREROUTING");
    IpvsSync back =
        IpvsSync.of(
            one("10.244.1.1"),
            one("10.244.1.1", "10.244.1.2"),
            CONFIG,
            "rr",
            dying,
            Set.of(REMOVED));
    assertThat(back.ipvsadm())
        .isEqualTo(
            "-d -t 10.96.0.20:80 -r 10.244.1.2:8080\n-a -t 10.96.0.20:80 -r 10.244.1.2:8080 -m -w 1\n");
    assertThat(dying).isEmpty();
  }

  /** {@code cleanLegacyService}: its real servers go with it, whatever connections they have. */
  @Test
  void ipvsForgetsWhatDiesBehindAServerThatGoes() {
    Set<String> dying = new HashSet<>();
    IpvsSync _ = secondLeaves(dying, REMOVED);
    assertThat(dying).containsExactly(REMOVED);
    IpvsSync gone = IpvsSync.of(one("10.244.1.1"), List.of(), CONFIG, "rr", dying, Set.of(REMOVED));
    assertThat(gone.gone()).isEqualTo("-D -t 10.96.0.20:80\n");
    assertThat(gone.ipvsadm()).isEmpty();
    assertThat(gone.unbound()).isEqualTo("addr del 10.96.0.20/32 dev kube-ipvs0\n");
    assertThat(dying).isEmpty();
  }

  /** {@code tryDeleteRs}: those that have connections stay, of others each is deleted once. */
  @Test
  void ipvsDeletesWhatDiesWhenItsConnectionsAreForgotten() {
    String other = "-t [fd00::10]:80 [fd00::1]:8080";
    Set<String> dying = new HashSet<>(Set.of(REMOVED, other));
    assertThat(IpvsSync.ended(dying, Set.of(REMOVED, other))).isEmpty();
    assertThat(IpvsSync.ended(dying, Set.of(REMOVED)))
        .isEqualTo("-d -t [fd00::10]:80 -r [fd00::1]:8080\n");
    assertThat(dying).containsExactly(REMOVED);
    assertThat(IpvsSync.ended(dying, Set.of(other)))
        .isEqualTo("-d -t 10.96.0.20:80 -r 10.244.1.2:8080\n");
    assertThat(dying).isEmpty();
    assertThat(IpvsSync.ended(dying, Set.of())).isEmpty();
  }

  /** It has nothing to wait for; what another server has says nothing of it. */
  @Test
  void ipvsDeletesAtOnceWhatHasNoConnections() {
    Set<String> dying = new HashSet<>();
    IpvsSync gone =
        secondLeaves(dying, "-t 10.96.0.20:80 10.244.1.1:8080", "-t 10.96.0.20:81 10.244.1.2:8080");
    assertThat(gone.ipvsadm()).isEqualTo("-d -t 10.96.0.20:80 -r 10.244.1.2:8080\n");
    assertThat(dying).isEmpty();
  }

  /** {@code IsRsGracefulTerminationNeeded}. */
  @Test
  void ipvsKeepsNothingOfUdpOrSctp() {
    for (String protocol : List.of("UDP", "SCTP")) {
      String name = IpvsState.option(protocol) + "10.96.0.20:80";
      Set<String> dying = new HashSet<>();
      IpvsSync gone =
          IpvsSync.of(
              of(protocol, "10.244.1.1", "10.244.1.2"),
              of(protocol, "10.244.1.1"),
              CONFIG,
              "rr",
              dying,
              Set.of(name + " 10.244.1.2:8080"));
      assertThat(gone.ipvsadm()).isEqualTo("-d " + name + " -r 10.244.1.2:8080\n");
      assertThat(dying).isEmpty();
    }
  }

  @Test
  void realServersWithOpenOrClosedConnectionsAreConnected() {
    String listing =
        """
        IP Virtual Server version 1.2.1 (size=4096)
        Prot LocalAddress:Port Scheduler Flags
          -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
        TCP  10.96.0.20:80 rr
          -> 10.244.1.1:8080              Masq    1      0          0
          -> 10.244.1.2:8080              Masq    1      2          0
        TCP  [fd00::10]:80 rr persistent 10800
          -> [fd00::1]:8080               Masq    0      0          3
        UDP  10.96.0.20:53 rr
          -> 10.244.1.1:5353              Masq    1      0          1
        """;
    assertThat(RealServers.connected(listing))
        .containsExactly(
            REMOVED, "-t [fd00::10]:80 [fd00::1]:8080", "-u 10.96.0.20:53 10.244.1.1:5353");
  }

  /** A partial sync names the chains of the Service that changed, and of no other. */
  @Test
  void iptablesWritesOnlyTheChainsThatChanged() {
    ServicePort still =
        ServicePort.clusterIp(
            "default", "still", "10.96.0.21", 80, List.of(Endpoint.ready("10.244.1.9", 80, "n")));
    List<ServicePort> before = new ArrayList<>(one("10.244.1.1", "10.244.1.2"));
    List<ServicePort> after = new ArrayList<>(one("10.244.1.1"));
    before.add(still);
    after.add(still);
    String sync = IptablesRules.sync(before, after, CONFIG);
    assertThat(sync)
        .contains("-A KUBE-SERVICES -m comment --comment \"default/still cluster IP\"")
        .doesNotContain("-A " + RuleNames.iptables("KUBE-SVC-", still))
        .doesNotContain(":" + RuleNames.iptables("KUBE-SVC-", still))
        .doesNotContain("-A PREROUTING", "-A OUTPUT", "-A INPUT", "-A FORWARD", "-A POSTROUTING");
    String gone =
        RuleNames.iptables(before.getFirst(), Endpoint.ready("10.244.1.2", 8080, "node-1"));
    assertThat(sync).contains(":" + gone + " - [0:0]\n", "-X " + gone + "\n");
  }
}
