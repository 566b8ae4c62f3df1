package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentYaml;
import dev.conntrail.spec.SpecException;
import dev.conntrail.testbed.TestbedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which cells of two sides are compared, and what is added. */
class AbPlanningTest {
  private static final ExperimentYaml X =
      yaml(
          """
          - {data-plane: [iptables, nftables, direct], iptables-backend: legacy, protocol: [http1, grpc], connections: 10}
          """);

  private static ExperimentYaml yaml(String blocks) {
    return new ExperimentYaml("x.yaml", "experiment: x\nmatrix:\n" + blocks);
  }

  private static AbPlan plan(ExperimentYaml a, ExperimentYaml b) {
    return plan(a, b, "", Optional.empty());
  }

  private static AbPlan plan(ExperimentYaml a, ExperimentYaml b, String edit, Optional<Path> jar) {
    return AbPlanning.of(
        new AbPlanning.Asked(a, b, Optional.empty(), edit, jar, 2, Duration.ofHours(1), 1.25, 7),
        (experiment, side) -> Runs.options(Path.of("results"), experiment, ""));
  }

  private static List<String> titles(Experiment experiment) {
    return experiment.cells().stream().map(Cell::title).toList();
  }

  @Test
  void aSideAgainstItselfPairsEveryCellWithItselfAndDirectOnesAreControls() {
    AbPlan plan = plan(X, X);
    assertThat(plan.differs()).isEqualTo("nothing");
    assertThat(plan.pairs())
        .hasSize(6)
        .allSatisfy(p -> {
          assertThat(p.a().key()).isEqualTo(p.b().key());
          assertThat(p.control()).isEqualTo(p.a().title().startsWith("direct"));
        });
    assertThat(plan.notes()).isEmpty();
    assertThat(plan.a().experiment().source()).isEqualTo(X.text());
  }

  @Test
  void cellsThatDifferInWhatIsVariedAreAPairAndTheOthersStay() {
    AbPlan plan = plan(X, X.with("iptables-backend", "nft"));
    assertThat(plan.differs()).isEqualTo("iptables-backend: legacy against nft");
    assertThat(plan.pairs())
        .extracting(p -> p.a().title(), p -> p.b().title(), PairedCells::control)
        .contains(
            tuple("nftables, grpc, 10 connections", "nftables, grpc, 10 connections", false),
            tuple("direct, http1, 10 connections", "direct, http1, 10 connections", true),
            tuple(
                "iptables-legacy, grpc, 10 connections",
                "iptables-nft, grpc, 10 connections",
                false))
        .hasSize(6);
  }

  @Test
  void eachProtocolThatGoesThroughAServiceGetsAControlOnBothSidesAndThatIsSaid() {
    AbPlan plan = plan(X.with("data-plane", "iptables"), X.with("data-plane", "nftables"));
    assertThat(plan.differs()).isEqualTo("data-plane: iptables against nftables");
    assertThat(plan.notes())
        .containsExactly(
            "added to both sides as negative control: direct, http1, 10 connections",
            "added to both sides as negative control: direct, grpc, 10 connections");
    assertThat(titles(plan.a().experiment()))
        .containsExactly(
            "iptables-legacy, http1, 10 connections",
            "iptables-legacy, grpc, 10 connections",
            "direct, http1, 10 connections",
            "direct, grpc, 10 connections");
    assertThat(plan.pairs()).hasSize(4).filteredOn(PairedCells::control).hasSize(2);
  }

  /** Libraries, for one side asks how they balance; or what is named. */
  @Test
  void bothSidesHaveOneClient() {
    AbPlan plan =
        plan(
            yaml("- {protocol: grpc, connections: 10}\n"),
            yaml("- {protocol: grpc, connections: 10, cure: max-age=5s}\n"));
    assertThat(plan.differs()).isEqualTo("cure: none against max-age=5s");
    assertThat(plan.pairs())
        .flatExtracting(PairedCells::a, PairedCells::b)
        .extracting("client")
        .containsOnly(ClientKind.LIBRARY);
    assertThat(plan(X, X.with("client", "library")).differs())
        .isEqualTo("client: loop against library");
  }

  /** Direct cells that differ too are compared, and one of them is the control. */
  @Test
  void aDirectCellOfOneSideIsAddedToTheOther() {
    AbPlan plan = plan(X, X.with("connections", "20"));
    assertThat(plan.pairs()).hasSize(8);
    assertThat(plan.notes())
        .containsExactly(
            "added to side b as negative control: direct, http1, 10 connections",
            "added to side b as negative control: direct, grpc, 10 connections");
    assertThat(plan.a().experiment().cells()).hasSize(6);
    assertThat(plan.b().experiment().cells()).hasSize(8);
  }

  @Test
  void whereNothingHasAServiceThereIsNoControl() {
    ExperimentYaml direct = yaml("- {data-plane: direct, protocol: [http1, grpc]}\n");
    assertThat(plan(direct, direct).pairs()).hasSize(2).noneMatch(PairedCells::control);
    assertThat(plan(direct, direct).notes()).isEmpty();
  }

  @Test
  void aControlHasNothingThatOnlyAServiceHas() {
    ExperimentYaml shared =
        yaml(
            "- {data-plane: iptables, pooling: shared, connections: 10, syn-retries: 2, events: [{at: 1s, add-endpoints: 2}]}\n");
    AbPlan plan = plan(shared, shared);
    assertThat(titles(plan.b().experiment()).getLast())
        .isEqualTo("direct, http1, 10 connections, syn-retries 2");
  }

  @Test
  void cellsThatCannotBePairedAreNamed() {
    assertThatThrownBy(() -> plan(X, yaml("- {data-plane: nftables, protocol: [http1, http2]}\n")))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("no one cell of the other side to be compared with: ")
        .hasMessageContaining("nftables, http2, 100 connections (of b)")
        .hasMessageContaining("allowed: on both sides cells that are the same, or differ");
    assertThatThrownBy(() ->
            plan(
                yaml("- {protocol: http1, connections: 5}\n- {protocol: grpc, connections: 6}\n"),
                yaml("- {protocol: http1, connections: 6}\n- {protocol: grpc, connections: 5}\n")))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("as if they differed in connections, or in protocol: iptables")
        .hasMessageContaining("allowed: sides that differ in one of them");
  }

  @Test
  void whatCannotShareATestbedIsRefusedWithTheMend() {
    ExperimentYaml nodes = yaml("- {clients: 4, nodes: [1, 4]}\n");
    assertThatThrownBy(() -> plan(nodes, nodes))
        .isInstanceOf(TestbedException.class)
        .hasMessage(
            "the cells cannot share one testbed, for they are on 1 node and on 4 nodes; mend: an experiment whose cells have the same");
    ExperimentYaml loopback =
        new ExperimentYaml(
            "l.yaml", "experiment: l\ntestbed: loopback\nmatrix: {data-plane: direct}\n");
    assertThatThrownBy(() -> plan(X, loopback))
        .hasMessageContaining("side a is on testbed netns, side b on loopback");
    assertThatThrownBy(() -> plan(X, X, "no arrow", Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--edit-rules: found 'no arrow'");
  }

  @Test
  void aJarRunsEachCellOnceABlock() {
    AbPlan plan = plan(X, X, "", Optional.of(Path.of("lib/old.jar")));
    assertThat(plan.differs()).isEqualTo("program: old.jar against this");
    assertThat(plan.a().experiment().tries()).isEqualTo(6);
    assertThat(plan.block()).isGreaterThan(plan(X, X).block());
  }

  @Test
  void aBudgetThatIsTooShortIsSaid() {
    AbPlan plan =
        AbPlanning.of(
            new AbPlanning.Asked(
                X, X, Optional.empty(), "", Optional.empty(), 2, Duration.ofSeconds(9), 1.25, 7),
            (experiment, side) -> Runs.options(Path.of("results"), experiment, ""));
    assertThat(plan.times()).as("two of each pair that is no control").isEqualTo(8);
    assertThat(plan.looks().after()).containsExactly(9);
    assertThat(plan.notes())
        .singleElement()
        .asString()
        .startsWith(
            "the budget of 9 s may be passed: no verdict comes of fewer than 9 blocks, which take up to");
  }
}
