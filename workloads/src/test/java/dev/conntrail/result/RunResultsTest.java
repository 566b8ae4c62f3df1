package dev.conntrail.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.Metric;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.RepetitionStatus;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Target;
import dev.conntrail.result.row.Unit;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was written is read, typed. */
class RunResultsTest {
  @TempDir private Path folder;

  @Test
  void literalValuesComeBack() throws IOException {
    TestRun run =
        TestRun.ofCells(
                folder,
                "data-plane: iptables, connections: 12, pods: 11, rate: 100",
                "data-plane: ipvs, ipvs-scheduler: sh, connections: 4, clients: 2, pods: 3")
            .on(TestbedKind.UML, c -> c.dataPlane() == DataPlane.IPVS)
            .kernel(List.of(TestRows.kernel(Lookup.IPTABLES_NFT, 100, 1, Target.LAST, 700, 600)))
            .jmh(List.of(TestRows.model(Lookup.IPVS_256, 1000, Target.ANY, 1, 40)));
    run.repetition(1)
        .connections(9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3)
        .requests(90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5)
        .due(100)
        .failed(2)
        .unanswered(3)
        .marks(Mark.ERRORS, Mark.UNFINISHED)
        .times(Metric.RESPONSE, 7, 60);
    run.repetition(2).connectionsOf(2, 0, 1, 1);
    RunResults read = run.read();
    assertThat(read.lacks()).isEmpty();
    assertThat(read.cells()).extracting(CellResults::cell).isEqualTo(run.cells());
    CellResults first = read.cell(run.cell(1).id()).orElseThrow();
    RepetitionResults one = first.repetitions().getFirst();
    assertThat(one.pods()).extracting(DistributionRow::pod).endsWith("pod-9", "pod-10", "pod-11");
    assertThat(one.counts(Unit.CONNECTIONS)).startsWith(9, 0).endsWith(0, 3);
    assertThat(one.counts(Unit.REQUESTS)).startsWith(90, 0).endsWith(0, 5);
    assertThat(one.summary().requests())
        .isEqualTo(new SummaryRow.Requests(100, 95, Optional.of(2L), Optional.of(3L), 2, 3, 0));
    assertThat(one.summary().status()).isEqualTo(RepetitionStatus.MARKED);
    assertThat(first.marked(Mark.ERRORS)).isEqualTo(1);
    assertThat(first.latencies().get(Metric.RESPONSE).getTotalCount()).isEqualTo(60);
    CellResults second = read.cells().getLast();
    assertThat(second.testbed()).isEqualTo(TestbedKind.UML);
    assertThat(second.block()).isEqualTo(2);
    assertThat(second.repetitions().getFirst().counts(Unit.CONNECTIONS)).containsExactly(2, 1, 1);
    assertThat(read.connections())
        .filteredOn(c -> c.at().cellId().equals(second.id()) && c.client().equals("client-2"))
        .extracting(ConnectionRow::pod)
        .extracting(Optional::get)
        .containsExactly("pod-2", "pod-3");
    assertThat(read.kernel())
        .singleElement()
        .satisfies(k -> assertThat(k.times().p50Ns()).isEqualTo(700));
    assertThat(read.jmh()).singleElement().satisfies(j -> assertThat(j.p50Ns()).isEqualTo(40));
  }
}
