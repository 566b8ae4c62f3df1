package dev.conntrail.report.finding;

import static dev.conntrail.report.finding.Said.metByDraw;
import static dev.conntrail.report.finding.Said.tested;
import static dev.conntrail.report.finding.Said.text;
import static dev.conntrail.report.finding.Said.verdict;
import static dev.conntrail.report.finding.Said.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Departure;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of verdicts, from literal ones. */
class VerdictFindingsTest {
  @TempDir private Path folder;
  private RunResults run;
  private CellResults drawn;
  private CellResults other;
  private CellResults turns;
  private CellResults direct;

  @BeforeEach
  void fourCells() throws IOException {
    run =
        TestRun.ofCells(
                folder,
                "data-plane: [iptables, nftables], connections: 50, pods: 5, repetitions: 2",
                "data-plane: ipvs, connections: 50, pods: 5, repetitions: 2",
                "data-plane: direct, connections: 50, pods: 5, repetitions: 2")
            .fill()
            .read();
    drawn = run.cells().get(0);
    other = run.cells().get(1);
    turns = run.cells().get(2);
    direct = run.cells().get(3);
  }

  private VerdictRow consistent(CellResults cell) {
    return tested(verdict(cell, Verdict.CONSISTENT), 0.4, 0.5);
  }

  @Test
  void notChanceNamesCellsAndWhatDecided() {
    Analysis both =
        with(
            run,
            tested(verdict(drawn, Verdict.NOT_CHANCE, Departure.TOO_UNEVEN), 1e-14, 0.01),
            tested(verdict(other, Verdict.NOT_CHANCE, Departure.TOO_EVEN), 0.2, 4e-5),
            metByDraw(verdict(turns, Verdict.BY_DESIGN), 0.01));
    assertThat(text(both, "not-chance", Tone.BAD))
        .isEqualTo(
            "Not chance: in 2 of 2 cells whose pods are drawn, connections landed otherwise than a fair"
                + " draw lets them: iptables-nft, http1, 50 connections (#1) (too uneven, p < 1e-12);"
                + " nftables, http1, 50 connections (#2) (too even repetition by repetition, p ="
                + " 4.0e-5).");
    assertThat(Said.ids(both)).first().isEqualTo("not-chance");
    assertThat(Said.ids(both)).doesNotContain("chance", "too-few");
  }

  @Test
  void consistentSaysWhatWouldHaveBeenFound() {
    Analysis fine = with(run, consistent(drawn), consistent(other));
    assertThat(text(fine, "chance", Tone.GOOD))
        .isEqualTo(
            "Where connections landed is consistent with chance in 2 of 2 cells whose pods are drawn;"
                + " one pod at 1.30 times its fair share would have been found.");
  }

  @Test
  void tooFewSaysHowManyItTakes() {
    Analysis few = with(run, tested(verdict(drawn, Verdict.TOO_FEW), 1, 1), consistent(other));
    assertThat(text(few, "too-few", Tone.UNKNOWN))
        .startsWith(
            "Too few connections to tell whether it is chance in 1 of 2 cells whose pods are drawn (100"
                + " connections, all repetitions together; iptables-nft, http1, 50 connections (#1)):"
                + " one pod at twice its share would be found in 62.5 % of such runs. To tell takes ")
        .endsWith(" for 5 pods.");
  }

  @Test
  void lawsAreKeptBrokenOrCannotBeTold() {
    Analysis kept =
        with(
            run,
            metByDraw(verdict(turns, Verdict.BY_DESIGN), 0.01),
            metByDraw(verdict(direct, Verdict.BY_DESIGN), 1.5));
    assertThat(text(kept, "law-kept", Tone.PLAIN))
        .isEqualTo(
            "By design, not by chance: the law of the choice was kept in 2 of 2 cells whose pods are not"
                + " drawn (each client takes pods in turn: 1 cell; each node takes pods in turn: 1"
                + " cell), which a fair draw does in 1.50 % of such runs at most.");
    Analysis mixed =
        with(
            run,
            metByDraw(verdict(turns, Verdict.BY_DESIGN, Departure.LAW_BROKEN), 0.01),
            metByDraw(verdict(direct, Verdict.TOO_FEW), 26.9));
    assertThat(text(mixed, "law-broken", Tone.BAD))
        .isEqualTo(
            "A law was broken in 1 of 2 cells whose pods are not drawn: ipvs-rr, http1, 50 connections"
                + " (#3) does not keep that each node takes pods in turn.");
    assertThat(text(mixed, "law-untold", Tone.UNKNOWN))
        .isEqualTo(
            "Too few connections to tell a law from chance in 1 of 2 cells whose pods are not drawn (each"
                + " client takes pods in turn: 1 cell): it was kept, but a fair draw keeps it too in"
                + " up to 26.9 % of such runs.");
    assertThat(Said.ids(mixed)).doesNotContain("law-kept");
  }

  @Test
  void edgesOfRulesAreSaidWithWhatTheTestMadeOfThem() throws IOException {
    Path manifest = run.folder().manifest();
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace("\"rulesEdit\" : \"\"", "\"rulesEdit\" : \"s/0.5/0.2/\""));
    RunResults edited = RunResults.read(run.folder());
    Analysis found =
        with(
            edited,
            tested(verdict(drawn, Verdict.NOT_CHANCE, Departure.TOO_UNEVEN), 1e-9, 0.5),
            tested(verdict(other, Verdict.TOO_FEW), 1, 1));
    assertThat(text(found, "planted-rules", Tone.PLAIN))
        .isEqualTo(
            "The rules of this run were edited before they were loaded (s/0.5/0.2/): 1 of 2 cells whose"
                + " pods are drawn was found not to be chance, and 1 had too few connections to tell.");
    assertThat(Answer.of(found).verdict())
        .isEqualTo(
            "Not chance, with edited rules: in 1 of 2 cells connections landed too unevenly for a fair"
                + " draw.");
    assertThat(text(with(edited, consistent(drawn)), "planted-rules", Tone.UNKNOWN))
        .endsWith(": 0 of 1 cell whose pods are drawn were found not to be chance.");
    assertThat(Said.ids(with(run, consistent(drawn)))).doesNotContain("planted-rules");
  }

  @Test
  void cellsThatAreNotJudgedAreCountedByReason() throws IOException {
    TestRun some =
        TestRun.ofCells(
            folder.resolve("unjudged"),
            "connections: 10, pods: 3, events: [{at: 500ms, add-endpoints: 1}]",
            "connections: 10, pods: 1",
            "connections: 10, pods: 3",
            "data-plane: ipvs, connections: 10, pods: 3, local-ports: 20",
            "data-plane: ipvs, connections: 12, pods: 3");
    some.repetition(3).marks(Mark.POD_LOST);
    some.repetition(5).connections(0, 0, 0);
    Analysis judged = Said.judged(some);
    assertThat(text(judged, "not-judged", Tone.PLAIN))
        .isEqualTo(
            "Where connections landed is not judged in 5 of 5 cells: 1 because events happened"
                + " meanwhile, 1 because no repetition of theirs has counts of all its pods, 1 because"
                + " there is one pod to go to, 1 because their settings make the law another and 1"
                + " because connections.csv has no connection of theirs.");
    assertThat(Said.ids(judged)).doesNotContain("law-kept", "law-untold", "chance", "too-few");
  }

  @Test
  void badgesSayWhatTheVerdictSays() {
    assertThat(
            List.of(
                tested(verdict(drawn, Verdict.NOT_CHANCE, Departure.TOO_EVEN), 0, 0),
                consistent(drawn),
                verdict(drawn, Verdict.TOO_FEW),
                verdict(turns, Verdict.BY_DESIGN),
                verdict(turns, Verdict.BY_DESIGN, Departure.LAW_BROKEN),
                verdict(drawn, Verdict.DESCRIPTIVE)))
        .extracting(VerdictText::of)
        .containsExactly(
            "not chance: too even",
            "consistent with chance, and would have found one pod at 26 % (fair: 20 %)",
            "too few connections to tell",
            "by design: each node takes pods in turn",
            "by design: each node takes pods in turn; this law was broken",
            "not judged");
  }
}
