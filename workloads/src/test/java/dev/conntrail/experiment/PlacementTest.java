package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.Abilities;
import dev.conntrail.testbed.TestbedException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Testbed auto: which block runs in which kernel. */
class PlacementTest {
  private static final Abilities WITHOUT_IPVS = new Abilities(true, true, false, 2);
  private static final Abilities DEBIANS_GUEST = new Abilities(false, true, true, 1);
  private static final Abilities EVERYTHING = new Abilities(true, true, true, 4);

  private static Experiment experiment(String... blocks) {
    return ExperimentReader.parse(
        "f.yaml",
        "experiment: x\ntestbed: auto\nmatrix:\n  - {" + String.join("}\n  - {", blocks) + "}\n");
  }

  private static final Experiment TWO =
      experiment(
          "data-plane: [iptables, nftables, direct]",
          "data-plane: [iptables, ipvs], iptables-backend: legacy");

  private static List<String> on(Placement placement, TestbedKind testbed) {
    return placement.cells().getOrDefault(testbed, List.of()).stream()
        .map(c -> c.variant().text())
        .toList();
  }

  @Test
  void aBlockThatThisKernelCannotRunGoesToTheGuestWhole() {
    Placement placement =
        Placement.auto(TWO, Optional.of(WITHOUT_IPVS), Optional.of(DEBIANS_GUEST));
    assertThat(on(placement, TestbedKind.NETNS)).containsExactly("iptables", "nftables", "direct");
    assertThat(on(placement, TestbedKind.UML)).containsExactly("iptables-legacy", "ipvs-rr");
    assertThat(placement.notes()).isEmpty();
  }

  @Test
  void aKernelThatCanDoAllNeedsNoGuest() {
    Placement placement = Placement.auto(TWO, Optional.of(EVERYTHING), Optional.of(EVERYTHING));
    assertThat(placement.cells()).containsOnlyKeys(TestbedKind.NETNS);
    assertThat(on(placement, TestbedKind.NETNS)).hasSize(5);
  }

  /** As an ordinary user. */
  @Test
  void withoutNetnsTheGuestRunsWhatItCanAndTheRestIsSaid() {
    Placement placement = Placement.auto(TWO, Optional.empty(), Optional.of(DEBIANS_GUEST));
    assertThat(on(placement, TestbedKind.UML))
        .containsExactly("iptables", "direct", "iptables-legacy", "ipvs-rr");
    assertThat(placement.notes())
        .singleElement()
        .asString()
        .startsWith("left out: 1 cells (nftables), for this kernel cannot be used here")
        .contains("a User-mode Linux guest has no nf_tables for IPv4")
        .endsWith("`doctor` says how to mend it");
  }

  @Test
  void withoutAGuestIpvsIsLeftOutAndSaid() {
    Placement placement = Placement.auto(TWO, Optional.of(WITHOUT_IPVS), Optional.empty());
    assertThat(on(placement, TestbedKind.NETNS))
        .containsExactly("iptables", "nftables", "direct", "iptables-legacy");
    assertThat(placement.notes())
        .singleElement()
        .asString()
        .contains("left out: 1 cells (ipvs-rr), for this kernel has no ip_vs, for data plane ipvs")
        .contains("a User-mode Linux guest cannot be used here");
  }

  @Test
  void whatIsTheWholeKernelsNeedsAGuest() {
    Placement placement =
        Placement.auto(
            experiment("data-plane: iptables, conntrack-max: 100"),
            Optional.of(EVERYTHING),
            Optional.of(DEBIANS_GUEST));
    assertThat(placement.cells()).containsOnlyKeys(TestbedKind.UML);
  }

  @Test
  void nothingThatCanRunIsAnError() {
    assertThatThrownBy(() ->
            Placement.auto(
                experiment("data-plane: ipvs"), Optional.of(WITHOUT_IPVS), Optional.empty()))
        .isInstanceOf(TestbedException.class)
        .hasMessageContaining("left out: 1 cells (ipvs-rr)")
        .hasMessageContaining("has no ip_vs");
  }
}
