package dev.conntrail.report.finding;

import static dev.conntrail.report.finding.Said.judged;
import static dev.conntrail.report.finding.Said.tested;
import static dev.conntrail.report.finding.Said.verdict;
import static dev.conntrail.report.finding.Said.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Departure;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines for the terminal and the one word, true of whatever was run. */
class AnswerLinesTest {
  private static final String FEW =
      "protocol: [http1, short-lived], connections: 6, pods: 5, rate: 300";

  private static final String NO_WORST = "no cell behind a Service is judged";
  private static final String NO_IDLE =
      "not judged: no cell that nothing was done to has long-lived connections whose pods are drawn";

  @TempDir private Path folder;

  private TestRun cells(String... blocks) {
    return TestRun.ofCells(folder, blocks);
  }

  private static void check(
      Analysis run, CellWord headline, String worst, String idle, String marks) {
    Answer answer = Answer.of(run);
    assertThat(answer.lines())
        .containsExactly(
            new Answer.Line("verdict", answer.verdict()),
            new Answer.Line("worst", worst),
            new Answer.Line("idle", idle),
            new Answer.Line("marks", marks));
    assertThat(answer.words().headline()).isEqualTo(headline);
    assertThat(answer.words().cells().values().stream().mapToInt(n -> n).sum())
        .as("every cell has a word")
        .isEqualTo(run.results().cells().size());
  }

  /** Requests of the busiest pod over the mean, of a cell whose row is literal. */
  private static VerdictRow requests(CellResults cell, double maxOverMean) {
    VerdictRow v = verdict(cell, Verdict.DESCRIPTIVE);
    return new VerdictRow(
        v.run(),
        v.cellId(),
        Unit.REQUESTS,
        v.verdict(),
        v.departure(),
        v.choice(),
        v.repetitionsCount(),
        v.observedCount(),
        v.podsCount(),
        v.pooled(),
        v.stratified(),
        v.power(),
        v.lawMetByDrawPct(),
        v.idle(),
        maxOverMean,
        v.maxOverMeanExpected(),
        v.jain(),
        v.band());
  }

  @Test
  void whereNothingIsWrongTheBusiestPodIsNamed() throws IOException {
    TestRun run = cells(FEW);
    run.repetition(1).connections(4, 2, 0, 0, 0).requests(80, 20, 0, 0, 0).marks(Mark.STEAL);
    check(
        judged(run),
        CellWord.CONSISTENT,
        "iptables-nft, http1, 6 connections (#1): too few to tell; busiest pod 4 times the mean",
        "3 of 5 pods with 6 long-lived connections; chance leaves 1.31 (95 %: 0 to 3)",
        "1 of 2 repetitions: 1 cpu-stolen");
  }

  @Test
  void whatIsNotChanceComesBeforeWhatIsUneven() throws IOException {
    RunResults run =
        cells(FEW, "data-plane: [direct, nftables], connections: 6, pods: 5").fill().read();
    List<CellResults> c = run.cells();
    VerdictRow uneven =
        tested(verdict(c.get(0), Verdict.NOT_CHANCE, Departure.TOO_UNEVEN), 4e-4, 1);
    VerdictRow even =
        tested(verdict(c.get(1), Verdict.NOT_CHANCE, Departure.TOO_EVEN), 0.0009, 1e-7);
    VerdictRow broken = verdict(c.get(2), Verdict.BY_DESIGN, Departure.LAW_BROKEN);
    VerdictRow few = verdict(c.get(3), Verdict.TOO_FEW);
    String idle =
        "1 of 5 pods with 50 of 6 long-lived connections (2 cells); chance leaves 1.25"
            + " (95 %: 0.500 to 2)";
    check(
        with(run, uneven, even, broken, few, requests(c.get(3), 5)),
        CellWord.NOT_CHANCE,
        "iptables-nft, short-lived, 6 callers (#2): not chance, too even repetition by repetition,"
            + " p = 1.0e-7; busiest pod 1.50 times the mean of connections",
        idle,
        "none of 4 repetitions");
    check(
        with(run, uneven, broken, few, requests(c.get(3), 5)),
        CellWord.NOT_CHANCE,
        "iptables-nft, http1, 6 connections (#1): not chance, too uneven, p = 4.0e-4; busiest pod"
            + " 1.50 times the mean of connections",
        idle,
        "none of 4 repetitions");
    check(
        with(run, broken, few, requests(c.get(3), 5)),
        CellWord.LAW_BROKEN,
        "direct, http1, 6 connections (#3): law broken (each client takes pods in turn); busiest"
            + " pod 1.50 times the mean of connections",
        idle.replace(" (2 cells)", ""),
        "none of 4 repetitions");
    assertThat(Answer.of(with(run, few)).words().has(CellWord.NOT_CHANCE)).isFalse();
    MatrixRow matrix =
        new MatrixRow(
            TestRun.RUN,
            TestbedKind.NETNS,
            DataPlane.NFTABLES,
            Optional.empty(),
            Optional.empty(),
            2,
            5,
            "node-1",
            "node-1",
            10,
            5,
            Said.test(1),
            Said.test(0.0005));
    WordCounts nodes = Answer.of(with(with(run, few), matrix, matrix)).words();
    assertThat(nodes.headline()).isEqualTo(CellWord.NOT_CHANCE);
    assertThat(nodes.has(CellWord.NOT_CHANCE)).isTrue();
    assertThat(List.of(nodes.matrices(), nodes.matricesNotChance()))
        .as("two rows of one matrix")
        .containsExactly(1, 1);
  }

  @Test
  void withAllCellsFailed() throws IOException {
    check(
        Analysis.of(cells(FEW).status(RunStatus.FAILED).read()),
        CellWord.NOT_MEASURED,
        NO_WORST,
        NO_IDLE,
        "2 of 2 repetitions without results");
  }

  @Test
  void ofAStoppedRun() throws IOException {
    TestRun run = cells(FEW + ", repetitions: 3").status(RunStatus.PARTIAL);
    run.repetition(1).connections(4, 2, 0, 0, 0).requests(80, 20, 0, 0, 0);
    Analysis stopped = Analysis.of(run.read());
    assertThat(Answer.of(stopped).verdict())
        .startsWith("Stopped with results of 1 of 6 repetitions. Too few connections to tell: ");
    check(
        stopped,
        CellWord.TOO_FEW,
        "iptables-nft, http1, 6 connections (#1): too few to tell; busiest pod 4 times the mean",
        "3 of 5 pods with 6 long-lived connections; chance leaves 1.31 (95 %: 0 to 3)",
        "none of 1 repetition; 5 of 6 repetitions without results");
  }

  @Test
  void withoutReplies() throws IOException {
    TestRun run = cells("protocol: short-lived, connections: 6, pods: 5, rate: 300");
    run.repetition(1).connections(0, 0, 0, 0, 0).requests(0, 0, 0, 0, 0);
    check(judged(run), CellWord.TOO_FEW, NO_WORST, NO_IDLE, "none of 1 repetition");
  }

  @Test
  void ofCellsThatDrawNothing() throws IOException {
    check(
        judged(cells("data-plane: ipvs, connections: 60, pods: 5")),
        CellWord.BY_DESIGN,
        "ipvs-rr, http1, 60 connections (#1): by design; busiest pod 1 times the mean",
        NO_IDLE,
        "none of 1 repetition");
    check(
        judged(
            TestRun.ofCells(
                folder.resolve("direct"), "data-plane: direct, connections: 60, pods: 5")),
        CellWord.NOT_JUDGED,
        NO_WORST,
        NO_IDLE,
        "none of 1 repetition");
  }

  @Test
  void ofChangesAlone() throws IOException {
    check(
        judged(
            cells(
                "connections: 6, pods: 5, events: [{at: 500ms, add-endpoints: 5}]",
                "data-plane: ipvs, connections: 6, pods: 5, events: [{at: 500ms, remove-endpoints:"
                    + " 1}]")),
        CellWord.NOT_JUDGED,
        NO_WORST,
        NO_IDLE,
        "none of 2 repetitions");
  }
}
