package dev.conntrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Prospect.Connections;
import dev.conntrail.analysis.Prospect.Outlook;
import dev.conntrail.report.finding.FindingSource;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.BundledExperiments;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an experiment will be able to tell. */
class ProspectsTest {
  @TempDir private Path folder;

  private static Experiment experiment(String... blocks) {
    return ExperimentReader.parse("literal.yaml", yaml(blocks));
  }

  private static String yaml(String... blocks) {
    return "experiment: literal\nquestion: What will it tell?\ntestbed: netns\nrepetitions: 2\n"
        + "phases: {warmup: 500ms, measure: 1s, drain: 1s}\nmatrix:\n  - {"
        + String.join("}\n  - {", blocks)
        + "}\n";
  }

  private static Prospect only(String block) {
    List<Prospect> cells = Prospects.of(experiment(block)).cells();
    assertThat(cells).hasSize(1);
    return cells.getFirst();
  }

  private static Connections exactly(long n) {
    return new Connections(n, Connections.Known.EXACTLY);
  }

  /** The block that is there for that has enough connections, whatever else is in it. */
  @ParameterizedTest
  @ValueSource(strings = {"default", "default-on-kind"})
  void theBundledDefaultsCanTellChanceFromSkew(String name) {
    Prospect first = Prospects.of(BundledExperiments.byName(name)).cells().getFirst();
    assertThat(first.outlook()).isInstanceOf(Outlook.Tells.class);
  }

  /** Whatever a run of the experiment says afterwards, it says by these tests and this power. */
  @Test
  void aRunTellsWhatItsPlanPromised() throws IOException {
    String[] blocks = {
      "data-plane: [iptables, nftables], connections: [6, 400], pods: 5",
      "data-plane: [iptables, ipvs], connections: 12, clients: 2, nodes: 2, pods: 4",
      "data-plane: ipvs, ipvs-scheduler: [rr, mh], connections: 60, pods: 4",
      "data-plane: [iptables, ipvs], cure: same-zone, connections: [6, 400], clients: 3, nodes: 2, pods: 5",
      "connections: 6, pods: 1",
      "connections: 6, pods: 5, events: [{at: 500ms, add-endpoints: 5}]",
      "data-plane: direct, connections: 60, pods: 5",
      "protocol: grpc, cure: [round-robin, haproxy-leastconn], connections: 60, pods: 5"
    };
    List<Hindrance> reasons = new ArrayList<>();
    Prospects plan = Prospects.of(experiment(blocks));
    Analysis run = Analysis.of(TestRun.of(folder, yaml(blocks)).fill().read());
    assertThat(plan.tests()).isEqualTo(run.tests()).isGreaterThan(12);
    for (int i = 0; i < plan.cells().size(); i++) {
      Prospect p = plan.cells().get(i);
      var row = run.verdict(run.results().cells().get(i), Unit.CONNECTIONS);
      String title = p.cell().title();
      assertThat(p.connections()).as(title).isEqualTo(exactly(2L * p.cell().connections()));
      switch (p.outlook()) {
        case Outlook.Tells(var sensitivity) -> {
          assertThat(row.map(VerdictRow::verdict)).as(title).hasValue(Verdict.CONSISTENT);
          assertThat(100 * sensitivity.timesFair() / p.cell().pods())
              .as(title)
              .isCloseTo(row.orElseThrow().power().foundSharePct(), Offset.offset(1e-4));
        }
        case Outlook.TooFew _ ->
            assertThat(row.map(VerdictRow::verdict)).as(title).hasValue(Verdict.TOO_FEW);
        case Outlook.ByDesign _ ->
            assertThat(row.map(VerdictRow::verdict)).as(title).hasValue(Verdict.BY_DESIGN);
        case Outlook.NotJudged(var why) -> {
          assertThat(row.map(VerdictRow::verdict).orElse(Verdict.DESCRIPTIVE))
              .as(title)
              .isEqualTo(Verdict.DESCRIPTIVE);
          reasons.add(why);
        }
      }
    }
    assertThat(plan.cells().stream().map(p -> p.outlook().getClass()).distinct()).hasSize(4);
    assertThat(reasons)
        .containsExactly(
            Hindrance.ONE_POD, Hindrance.EVENTS, Hindrance.BALANCED, Hindrance.PROXIED);
    assertThat(FindingSource.findings(run))
        .filteredOn(f -> f.id().equals("not-judged"))
        .extracting(f -> f.text())
        .allSatisfy(
            said -> assertThat(reasons).allSatisfy(why -> assertThat(said).contains(why.words())))
        .hasSize(1);
  }

  @Test
  void connectionsAreThoseOfAllRepetitions() {
    assertThat(only("protocol: short-lived, connections: 10, pods: 5, rate: 600").connections())
        .as("one a request of warm-up and measure phase")
        .isEqualTo(exactly(2 * 900));
    assertThat(only("protocol: grpc, pooling: shared, connections: 30, clients: 3, pods: 5"))
        .extracting(Prospect::connections)
        .as("one a client")
        .isEqualTo(exactly(2 * 3));
    assertThat(only("protocol: http1, pooling: shared, connections: 30, pods: 5").connections())
        .isEqualTo(new Connections(60, Connections.Known.AT_MOST));
  }

  @Test
  void settingsThatMakeTheLawAnotherLeaveNothingToJudge() {
    String ipvs = "data-plane: ipvs, protocol: short-lived, connections: 5, pods: 3, rate: 300";
    assertThat(only(ipvs).outlook()).isEqualTo(new Outlook.ByDesign());
    assertThat(only(ipvs + ", local-ports: 60").outlook())
        .isEqualTo(new Outlook.NotJudged(Hindrance.OTHER_LAW));
  }

  @Test
  void aFifthMoreTakesThousandsOfConnections() {
    Prospects plan =
        Prospects.of(
            experiment(
                "data-plane: [iptables, nftables], protocol: [http1, http2, grpc], connections: 10",
                "connections: 6, pods: [1, 5]",
                "data-plane: direct, connections: 6, pods: 7"));
    assertThat(plan.tests()).isEqualTo(14);
    assertThat(plan.needed().keySet()).containsExactly(5, 10);
    assertThat(plan.needed().get(10).orElseThrow()).isBetween(10_000L, 11_500L);
    assertThat(plan.needed().get(5).orElseThrow()).isBetween(3_000L, 4_500L);
    assertThat(Prospects.of(experiment("data-plane: direct, connections: 6")).needed()).isEmpty();
  }
}
