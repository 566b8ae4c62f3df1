package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.experiment.AtHand.Has;
import dev.conntrail.experiment.AtHand.Lack;
import dev.conntrail.experiment.Placement.Placed;
import dev.conntrail.spec.Ability;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.LeftOut;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.TestbedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which cell runs where, which is left out, and why; no machine is asked. */
class PlacementTest {
  private static final Lack NO_IPVS =
      new Lack("this kernel has no ip_vs, for data plane ipvs", Optional.of("--testbed auto"));
  private static final Lack NO_NFT =
      new Lack("a User-mode Linux guest has no nf_tables for IPv4", Optional.empty());
  private static final Lack NO_ROOT = new Lack("testbed netns needs root", Optional.of("sudo -E"));

  private static final Has WITHOUT_IPVS = Has.of(Map.of(Ability.IPVS, NO_IPVS), Optional.empty());
  private static final Has DEBIANS_GUEST =
      Has.of(Map.of(Ability.NFTABLES, NO_NFT), Optional.empty());
  private static final Has NO = Has.unusable(NO_ROOT);

  private static final String TWO =
      """
        - {data-plane: [iptables, nftables, direct]}
        - {data-plane: [iptables, ipvs], iptables-backend: legacy}
      """;

  private static String yaml(String testbed, String blocks) {
    return "experiment: x\ntestbed: " + testbed + "\nmatrix:\n" + blocks.indent(2);
  }

  private static Experiment experiment(String testbed, String blocks) {
    return ExperimentReader.parse("f.yaml", yaml(testbed, blocks));
  }

  private static Placement auto(String blocks, Has netns, Has uml) {
    return Placement.of(
        experiment("auto", blocks),
        false,
        AtHand.of(Map.of(TestbedKind.NETNS, netns, TestbedKind.UML, uml)));
  }

  /** Asked for by the command line, whatever the file says. */
  private static Placement instead(TestbedKind testbed, String blocks, Has has) {
    Experiment experiment =
        ExperimentReader.parse("f.yaml", yaml("auto", blocks), Optional.of(testbed));
    return Placement.of(experiment, true, AtHand.of(Map.of(testbed, has)));
  }

  private static List<String> on(Placement placement, TestbedKind testbed) {
    return placement.cells().getOrDefault(testbed, List.of()).stream()
        .map(c -> c.cell().variant().text())
        .toList();
  }

  private static List<String> left(Placement placement) {
    return placement.left().stream().map(l -> l.cell().variant().text()).toList();
  }

  @Test
  void aBlockThatThisKernelCannotRunGoesToTheGuestWhole() {
    Placement placement = auto(TWO, WITHOUT_IPVS, DEBIANS_GUEST);
    assertThat(on(placement, TestbedKind.NETNS)).containsExactly("iptables", "nftables", "direct");
    assertThat(on(placement, TestbedKind.UML)).containsExactly("iptables-legacy", "ipvs-rr");
    assertThat(placement.left()).isEmpty();
    assertThat(placement.notes()).isEmpty();
    assertThat(placement.tries()).isEqualTo(5);
  }

  @Test
  void aKernelThatCanDoAllNeedsNoGuest() {
    Placement placement = auto(TWO, Has.everything(), Has.everything());
    assertThat(placement.cells()).containsOnlyKeys(TestbedKind.NETNS);
    assertThat(on(placement, TestbedKind.NETNS)).hasSize(5);
  }

  /** A proxy is a pod there; pods of an image without its program could not run one. */
  @Test
  void clustersRunProxiesWhereTheImageHasThemAndPodsThatGiveConnectionsUp() {
    String cures =
        "  - {cure: [envoy-least-request, haproxy-leastconn, 'max-age=5s,by=server'], connections: 10}\n";
    Lack noEnvoy = new Lack("the image x has no program envoy", Optional.of("scripts/image.sh"));
    for (TestbedKind kind : List.of(TestbedKind.KIND, TestbedKind.CLUSTER)) {
      assertThat(instead(kind, cures, Has.everything()).left()).isEmpty();
      Placement without =
          instead(kind, cures, Has.of(Map.of(Ability.ENVOY, noEnvoy), Optional.empty()));
      assertThat(without.cells().get(kind)).hasSize(2);
      assertThat(without.notes())
          .containsExactly(
              "left out: 1 cells (iptables), for the image x has no program envoy; mend: scripts/image.sh");
    }
  }

  /** Several proxies, and those of clients, run where one does. */
  @Test
  void clustersRunPoolsOfProxiesAndSidecars() {
    String cures =
        "  - {cure: ['envoy-least-request,proxies=3', 'haproxy-leastconn,proxies=sidecars'], connections: 10}\n";
    for (TestbedKind kind : List.of(TestbedKind.KIND, TestbedKind.CLUSTER)) {
      Placement placement = instead(kind, cures, Has.everything());
      assertThat(placement.left()).as(kind.word()).isEmpty();
      assertThat(placement.cells().get(kind)).hasSize(2);
    }
  }

  /** Clusters have a DNS server of their own, and so names; a guest has none. */
  @Test
  void clustersKnowNames() {
    String cure = "  - {cure: [round-robin, 'round-robin,learning=dns,ttl=1s'], protocol: grpc}\n";
    for (TestbedKind kind : List.of(TestbedKind.NETNS, TestbedKind.KIND, TestbedKind.CLUSTER)) {
      assertThat(instead(kind, cure, Has.everything()).left()).as(kind.word()).isEmpty();
    }
    assertThat(instead(TestbedKind.UML, cure, Has.everything()).left())
        .singleElement()
        .extracting(LeftOut::why)
        .asString()
        .endsWith("allowed: testbed: netns, kind or cluster, which have one; or learning=watch");
  }

  /** As an ordinary user. */
  @Test
  void withoutNetnsTheGuestRunsWhatItCanAndTheRestIsSaid() {
    Placement placement = auto(TWO, NO, DEBIANS_GUEST);
    assertThat(on(placement, TestbedKind.UML))
        .containsExactly("iptables", "direct", "iptables-legacy", "ipvs-rr");
    assertThat(placement.notes())
        .containsExactly(
            "left out: 1 cells (nftables), for this kernel cannot be used here, and a User-mode Linux guest has no nf_tables for IPv4; `doctor` says how to mend it");
  }

  @Test
  void withoutAGuestIpvsIsLeftOutAndSaid() {
    Placement placement = auto(TWO, WITHOUT_IPVS, NO);
    assertThat(on(placement, TestbedKind.NETNS))
        .containsExactly("iptables", "nftables", "direct", "iptables-legacy");
    assertThat(placement.notes())
        .containsExactly(
            "left out: 1 cells (ipvs-rr), for this kernel has no ip_vs, for data plane ipvs, and a User-mode Linux guest cannot be used here; `doctor` says how to mend it");
  }

  @Test
  void aCellThatItsOthersLeaveBehindIsSaid() {
    Placement placement =
        auto("- {data-plane: [ipvs, nftables, iptables]}", WITHOUT_IPVS, DEBIANS_GUEST);
    assertThat(on(placement, TestbedKind.NETNS)).containsExactly("nftables", "iptables");
    assertThat(placement.notes())
        .singleElement()
        .asString()
        .contains("a User-mode Linux guest could not run the cells that they are compared with");
  }

  @Test
  void whatIsTheWholeKernelsNeedsAGuest() {
    String block = "- {data-plane: iptables, conntrack-max: 100}";
    Placement placement = auto(block, Has.everything(), DEBIANS_GUEST);
    assertThat(placement.cells()).containsOnlyKeys(TestbedKind.UML);
    assertThatThrownBy(() -> auto(block, Has.everything(), NO))
        .isInstanceOf(TestbedException.class)
        .hasMessageContaining("this kernel cannot have conntrack-max 100");
  }

  @Test
  void nothingThatCanRunIsAnError() {
    assertThatThrownBy(() -> auto("- {data-plane: ipvs}", WITHOUT_IPVS, NO))
        .isInstanceOf(TestbedException.class)
        .hasMessageContaining("left out: 1 cells (ipvs-rr)")
        .hasMessageContaining("has no ip_vs");
  }

  @Test
  void whatAFileNamesHasToBeThere() {
    Experiment two = experiment("netns", TWO);
    assertThatThrownBy(
            () -> Placement.of(two, false, AtHand.of(Map.of(TestbedKind.NETNS, WITHOUT_IPVS))))
        .isInstanceOf(TestbedException.class)
        .hasMessage("this kernel has no ip_vs, for data plane ipvs; mend: --testbed auto");
    assertThatThrownBy(() -> Placement.of(two, false, AtHand.of(Map.of(TestbedKind.NETNS, NO))))
        .hasMessage("testbed netns needs root; mend: sudo -E");
  }

  @Test
  void onATestbedThatIsNamedInsteadWhatItLacksIsLeftOut() {
    Placement placement = instead(TestbedKind.NETNS, TWO, WITHOUT_IPVS);
    assertThat(left(placement)).containsExactly("ipvs-rr");
    assertThat(placement.notes())
        .containsExactly(
            "left out: 1 cells (ipvs-rr), for this kernel has no ip_vs, for data plane ipvs; mend: --testbed auto");
    assertThatThrownBy(() -> instead(TestbedKind.NETNS, "- {data-plane: ipvs}", WITHOUT_IPVS))
        .hasMessage("this kernel has no ip_vs, for data plane ipvs; mend: --testbed auto");
  }

  /** Of an axis, of an event: each with its reason, in the order of the file. */
  @Test
  void whatATestbedNeverHasIsLeftOutWithItsReason() {
    Placement placement =
        instead(
            TestbedKind.KIND,
            """
            - {data-plane: [iptables, ipvs], ipvs-scheduler: [rr, sh]}
            - {data-plane: nftables, events: [{at: 1s, add-endpoints: 2}, {at: 2s, remove-endpoints: 1}]}
            - {data-plane: nftables, events: [{at: 1s, delete-endpoints: 2}]}
            - {data-plane: nftables, events: [{at: 1s, add-endpoints: 2}, {at: 2s, kill-pod: 1}]}
            """,
            Has.everything());
    assertThat(on(placement, TestbedKind.KIND)).containsExactly("iptables", "ipvs-rr", "nftables");
    assertThat(placement.left())
        .extracting(LeftOut::why)
        .satisfiesExactly(
            why ->
                assertThat(why)
                    .isEqualTo(
                        "ipvs-scheduler sh cannot be on testbed kind; allowed: testbed: netns, uml or auto, where the run makes nodes and rules"),
            why ->
                assertThat(why)
                    .isEqualTo(
                        "events delete-endpoints=2@1000ms cannot be on testbed kind; allowed: remove-endpoints there, for kube-proxy keeps a real server that has connections; or testbed: netns, uml or auto"),
            why ->
                assertThat(why)
                    .startsWith("events add-endpoints=2@1000ms;kill-pod=1")
                    .contains("cannot be on testbed kind"));
  }

  /** A cluster that is there has one mode: what others ask is left out, whoever named it. */
  @Test
  void aClusterThatIsThereIsTakenAsItIs() {
    Lack mode = new Lack("this cluster's kube-proxy runs in mode nftables", Optional.empty());
    Has has =
        new Has(
            Optional.empty(),
            Map.of(Ability.IPTABLES, mode, Ability.IPVS, mode),
            Optional.empty(),
            Optional.of(KubeProxy.V1_34),
            true);
    Placement placement =
        Placement.of(
            experiment("cluster", "- {data-plane: [iptables, nftables, ipvs, direct]}"),
            false,
            AtHand.of(Map.of(TestbedKind.CLUSTER, has)));
    assertThat(on(placement, TestbedKind.CLUSTER))
        .containsExactly("nftables, kube-proxy 1.34", "direct");
    assertThat(placement.notes())
        .containsExactly(
            "left out: 2 cells (iptables, ipvs-rr), for this cluster's kube-proxy runs in mode nftables");
  }

  /** A run that is to be like one of a cluster loads that kube-proxy's rules, in its guest too. */
  @Test
  void aRunMayHaveTheRulesOfAnothersKubeProxy() {
    Experiment experiment =
        experiment("netns", "- {data-plane: [iptables, nftables], connections: 3}");
    AtHand here =
        AtHand.of(Map.of(TestbedKind.NETNS, Has.everything(), TestbedKind.UML, Has.everything()));
    Placement placement = Placement.of(experiment, false, here.like(KubeProxy.V1_34));
    assertThat(on(placement, TestbedKind.NETNS))
        .containsExactly("iptables", "nftables, kube-proxy 1.34");
    assertThat(placement.otherRules(TestbedKind.NETNS)).contains(KubeProxy.V1_34);
    assertThat(placement.otherRules(TestbedKind.UML)).isEmpty();
  }

  @Test
  void autoIsWhatTheKernelHasAndTheSameIsMeasuredOnce() {
    Has nft = Has.of(Map.of(), Optional.of(IptablesBackend.NFT));
    Placement placement =
        auto("- {data-plane: iptables, iptables-backend: [auto, nft, legacy]}", nft, NO);
    assertThat(placement.cells().get(TestbedKind.NETNS))
        .extracting(Placed::asked)
        .extracting(Cell::backend)
        .containsExactly(IptablesBackend.AUTO, IptablesBackend.LEGACY);
    assertThat(on(placement, TestbedKind.NETNS)).containsExactly("iptables-nft", "iptables-legacy");
    assertThat(placement.notes())
        .singleElement()
        .asString()
        .startsWith("left out: 1 cells (iptables-nft), for it is, here, a second iptables-nft, ")
        .endsWith("and the same is measured once");
  }

  @Test
  void everyCellRunsOnceOrIsLeftOut() {
    for (Has netns : List.of(Has.everything(), WITHOUT_IPVS, NO)) {
      for (Has uml : List.of(Has.everything(), DEBIANS_GUEST)) {
        Placement placement = auto(TWO, netns, uml);
        assertThat(
                Stream.concat(
                    placement.asked().stream(), placement.left().stream().map(LeftOut::cell)))
            .containsExactlyInAnyOrderElementsOf(experiment("auto", TWO).cells());
      }
    }
  }

  @Test
  void whatTouchesNodesIsLeftOutOfAClusterThatTheRunHasNotMade() {
    Lack theirs = new Lack("the run has not made this cluster", Optional.of("leave --reuse out"));
    Placement placement =
        instead(
            TestbedKind.KIND,
            """
              - {data-plane: iptables, events: [{at: 0s, kill-pod: 1}]}
              - {data-plane: iptables, events: [{at: 0s, restart-proxy: 1s}]}
            """,
            Has.of(Map.of(Ability.MADE_NODES, theirs), Optional.empty()));
    assertThat(placement.asked()).hasSize(1);
    assertThat(placement.left())
        .extracting(LeftOut::why)
        .containsExactly("the run has not made this cluster; mend: leave --reuse out");
  }
}
