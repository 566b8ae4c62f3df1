package dev.conntrail.report.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.around.Around;
import dev.conntrail.analysis.middle.LegsRows;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Departure;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a run is said to show, and runs whose verdicts are literal. */
final class Said {
  private Said() {}

  /** The finding of an id; a failure if there is none, or its tone is another. */
  static String text(Analysis run, String id, Tone tone) {
    Finding found =
        FindingSource.findings(run).stream()
            .filter(f -> f.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no finding " + id + " in " + ids(run)));
    assertThat(found.tone()).as(found.text()).isEqualTo(tone);
    return found.text();
  }

  /** All ids, in the order of reading. */
  static List<String> ids(Analysis run) {
    return FindingSource.findings(run).stream().map(Finding::id).toList();
  }

  /** A run as it is judged. */
  static Analysis judged(TestRun run) throws IOException {
    return Analysis.of(run.fill().read());
  }

  /** The same of one that is written already. */
  static Analysis judged(RunResults run) {
    return Analysis.of(run);
  }

  /** A run without verdicts, for findings that need none. */
  static Analysis unjudged(TestRun run) throws IOException {
    return judgedAs(run.fill().read(), List.of(), 1);
  }

  /** A run whose verdicts are literal. */
  static Analysis with(RunResults run, VerdictRow... rows) {
    return judgedAs(run, List.of(rows), 2);
  }

  private static Analysis judgedAs(RunResults run, List<VerdictRow> verdicts, int tests) {
    return new Analysis(
        run,
        verdicts,
        List.of(),
        Around.NOTHING,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        new LegsRows(List.of(), List.of()),
        List.of(),
        List.of(),
        tests,
        Optional.empty());
  }

  /** The same with a matrix from node to node. */
  static Analysis with(Analysis run, MatrixRow... rows) {
    List<MatrixRow> all = new ArrayList<>(run.matrices());
    all.addAll(List.of(rows));
    return new Analysis(
        run.results(),
        run.verdicts(),
        all,
        run.around(),
        run.cures(),
        run.herds(),
        run.newShares(),
        run.hunts(),
        run.middle(),
        run.growth(),
        run.ratios(),
        run.tests(),
        run.other());
  }

  /** A verdict on a cell's connections: five pods, 100 connections in two repetitions. */
  static VerdictRow verdict(CellResults cell, Verdict verdict, Departure... departure) {
    return new VerdictRow(
        TestRun.RUN,
        cell.id(),
        Unit.CONNECTIONS,
        verdict,
        List.of(departure).stream().findFirst(),
        cell.cell().choice(),
        2,
        100,
        5,
        VerdictRow.Test.NONE,
        VerdictRow.Test.NONE,
        VerdictRow.Power.NONE,
        Double.NaN,
        new VerdictRow.Idle(1, 1.25, 0.5, 2),
        1.5,
        1.4,
        0.9,
        new VerdictRow.Band(0, 40));
  }

  /** The same with tests of both forms. */
  static VerdictRow tested(VerdictRow v, double pooled, double stratified) {
    return new VerdictRow(
        v.run(),
        v.cellId(),
        v.unit(),
        v.verdict(),
        v.departure(),
        v.choice(),
        v.repetitionsCount(),
        v.observedCount(),
        v.podsCount(),
        test(pooled),
        test(stratified),
        new VerdictRow.Power(26, 62.5),
        v.lawMetByDrawPct(),
        v.idle(),
        v.maxOverMean(),
        v.maxOverMeanExpected(),
        v.jain(),
        v.band());
  }

  /** A test that came out so, after the correction. */
  static VerdictRow.Test test(double p) {
    return new VerdictRow.Test(9, p / 2, p, Optional.of("exact multinomial"));
  }

  /** The same held to a law that a fair draw keeps so often. */
  static VerdictRow metByDraw(VerdictRow v, double pct) {
    return new VerdictRow(
        v.run(),
        v.cellId(),
        v.unit(),
        v.verdict(),
        v.departure(),
        v.choice(),
        v.repetitionsCount(),
        v.observedCount(),
        v.podsCount(),
        v.pooled(),
        v.stratified(),
        v.power(),
        pct,
        v.idle(),
        v.maxOverMean(),
        v.maxOverMeanExpected(),
        v.jain(),
        v.band());
  }
}
