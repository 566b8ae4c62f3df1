package dev.conntrail.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentYamlTest {
  static List<String> bundled() {
    return BundledExperiments.NAMES;
  }

  private static final String TEXT =
      """
      # asked by one who moves
      experiment: mine
      testbed: netns
      repetitions: 3
      matrix:
        # with a Service
        - data-plane: [iptables, nftables]
          iptables-backend: legacy
          protocol: [http1, grpc] # both
          connections: 10
          rate: 100
          repetitions: 5
        - {data-plane: ipvs, ipvs-scheduler: [rr, lc], ipvs-tcp-timeout: 5s, connections: 10, rate: 100}
        - data-plane: direct
          connections: 10
          rate: 100
      """;

  private static ExperimentYaml mine() {
    return new ExperimentYaml("mine.yaml", TEXT);
  }

  private static List<String> titles(ExperimentYaml yaml) {
    return yaml.read(Optional.empty()).cells().stream().map(Cell::title).toList();
  }

  @ParameterizedTest
  @MethodSource("bundled")
  void onceIsTheSameExperimentWithOneRepetition(String name) {
    ExperimentYaml yaml = BundledExperiments.yaml(name);
    Experiment before = yaml.read(Optional.empty());
    Experiment once = yaml.once().read(Optional.empty());
    assertThat(once.blocks()).isEqualTo(before.repeated(1).blocks());
    assertThat(once.question()).isEqualTo(before.question());
    assertThat(yaml.seed(-7).read(Optional.empty()).seed()).isEqualTo(-7);
  }

  @Test
  void anAxisIsSetInEveryBlockAndCommentsAreKept() {
    ExperimentYaml ten = mine().with("connections", "20");
    assertThat(titles(ten)).hasSize(7).allMatch(t -> t.contains("20 c"));
    assertThat(ten.text())
        .startsWith("# asked by one who moves\nexperiment: mine\n")
        .contains("  - # with a Service\n", "# both\n", "connections: 20\n")
        .doesNotContain("connections: 10");
    assertThat(titles(mine().with("syn-retries", "2"))).allMatch(t -> t.endsWith("syn-retries 2"));
  }

  @Test
  void anAxisOfOneDataPlaneIsSetWhereThatIs() {
    assertThat(titles(mine().with("iptables-backend", "nft")))
        .containsExactly(
            "iptables-nft, http1, 10 connections",
            "iptables-nft, grpc, 10 connections",
            "nftables, http1, 10 connections",
            "nftables, grpc, 10 connections",
            "ipvs-rr, ipvs-tcp-timeout 5s, http1, 10 connections",
            "ipvs-lc, ipvs-tcp-timeout 5s, http1, 10 connections",
            "direct, http1, 10 connections");
    assertThat(titles(mine().with("ipvs-scheduler", "sh")))
        .filteredOn(t -> t.startsWith("ipvs"))
        .containsExactly("ipvs-sh, ipvs-tcp-timeout 5s, http1, 10 connections");
  }

  /** What stays the same is the control. */
  @Test
  void theDataPlaneIsSetWhereThereIsAServiceAndWhatItHasNotGoes() {
    ExperimentYaml two =
        new ExperimentYaml("mine.yaml", TEXT.replaceFirst("(?m)^  - \\{data-plane: ipvs.*\\n", ""));
    assertThat(titles(two.with("data-plane", "nftables")))
        .containsExactly(
            "nftables, http1, 10 connections",
            "nftables, grpc, 10 connections",
            "direct, http1, 10 connections");
    assertThat(titles(two.with("data-plane", "iptables")))
        .contains("iptables-legacy, grpc, 10 connections");
  }

  @Test
  void whatCannotBeSetIsRefusedWithFileAndWhatIsAllowed() {
    ExperimentYaml direct =
        new ExperimentYaml(
            "d.yaml", "experiment: d\ntestbed: loopback\nmatrix: {data-plane: direct, rate: 9}\n");
    assertThatThrownBy(() -> direct.with("iptables-backend", "nft"))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "d.yaml: iptables-backend: found no block that has a use for it; allowed: it beside a block with data-plane: iptables");
    assertThatThrownBy(() -> direct.with("data-plane", "nftables"))
        .hasMessageContaining("d.yaml: data-plane: found no block");
    assertThatThrownBy(() -> mine().with("pods", "500").read(Optional.empty()))
        .hasMessageContaining("mine.yaml with pods: 500:")
        .hasMessageContaining("matrix.pods: found '500'; allowed: a whole number from 1 to 300");
    assertThatThrownBy(() -> new ExperimentYaml("x.yaml", "experiment: x\n").once())
        .hasMessageContaining("x.yaml:1: matrix: found no such key");
  }

  @Test
  void whetherABlockNamesAnAxisIsKnown() {
    assertThat(mine().names(Axes.CONNECTIONS)).isTrue();
    assertThat(mine().names(Axes.CLIENT)).isFalse();
    assertThat(mine().with("client", "loop").names(Axes.CLIENT)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"loop", "library"})
  void aCellIsAddedAsItIs(String client) {
    for (String matrix :
        List.of(
            "{protocol: grpc}", "[{protocol: grpc}]", "\n  protocol: grpc", "\n- protocol: grpc")) {
      ExperimentYaml yaml = new ExperimentYaml("x.yaml", "experiment: x\nmatrix: " + matrix + "\n");
      for (Cell cell :
          mine()
              .with("client", client)
              .with("keep-alive-interval", "30s")
              .with("keep-alive", "tcp")
              .read(Optional.empty())
              .cells()) {
        Experiment more = yaml.and(cell).read(Optional.empty());
        assertThat(more.blocks()).hasSize(2);
        assertThat(more.blocks().getLast()).extracting(Cell::key).containsExactly(cell.key());
      }
    }
  }
}
