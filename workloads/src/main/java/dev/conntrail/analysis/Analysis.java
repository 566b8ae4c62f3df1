package dev.conntrail.analysis;

import dev.conntrail.analysis.around.Around;
import dev.conntrail.analysis.cure.CureRows;
import dev.conntrail.analysis.cure.Hunted;
import dev.conntrail.analysis.growth.Growth;
import dev.conntrail.analysis.growth.Ratios;
import dev.conntrail.analysis.middle.LegsRows;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.HerdRow;
import dev.conntrail.result.row.HuntRow;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.result.row.NewShareRow;
import dev.conntrail.result.row.RatioRow;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import java.util.List;
import java.util.Optional;

/**
 * What follows from a run's results.
 *
 * @param results what was measured
 * @param verdicts a row a cell and unit, of cells whose Service did not change
 * @param matrices a row for each pair of nodes
 * @param around what was seen around events
 * @param cures a row a cell with which cures can be weighed
 * @param herds a row for each stretch of time of connections that began together
 * @param newShares a row for each moment after pods joined of connections with a maximum age
 * @param hunts a row for each cell whose callers share a pool that takes the first free connection
 * @param middle both legs of cells whose route leads through proxies
 * @param growth how costs grow with the number of Services
 * @param ratios what of that can be compared
 * @param tests how many tests the probabilities are corrected for
 * @param other the same experiment on another testbed; empty if there is none beside, or it was not
 *     asked for
 */
public record Analysis(
    RunResults results,
    List<VerdictRow> verdicts,
    List<MatrixRow> matrices,
    Around around,
    List<CureRow> cures,
    List<HerdRow> herds,
    List<NewShareRow> newShares,
    List<HuntRow> hunts,
    LegsRows middle,
    List<GrowthRow> growth,
    List<RatioRow> ratios,
    int tests,
    Optional<Analysis> other) {

  /** Works it out. */
  public static Analysis of(RunResults run) {
    Verdicts judged = Verdicts.of(run);
    CureRows cured = CureRows.of(run);
    return new Analysis(
        run,
        judged.rows(),
        judged.matrices(),
        Around.of(run),
        cured.cures(),
        cured.herds(),
        cured.newShares(),
        Hunted.rows(run),
        LegsRows.of(run),
        Growth.of(run.jmh(), run.kernel()),
        Ratios.of(run.jmh(), run.kernel()),
        judged.tests(),
        Optional.empty());
  }

  /** The same beside the newest whole run of the same experiment on another testbed, if any. */
  public Analysis withOther() {
    return new Analysis(
        results,
        verdicts,
        matrices,
        around,
        cures,
        herds,
        newShares,
        hunts,
        middle,
        growth,
        ratios,
        tests,
        OtherRun.of(results).map(Analysis::of));
  }

  /** What a cell's cure takes; empty where it can be weighed with no other. */
  public Optional<CureRow> cure(CellResults cell) {
    return cures.stream().filter(c -> c.cellId().equals(cell.id())).findFirst();
  }

  /** How a cell's pools spread requests; empty where theory says nothing of it. */
  public Optional<HuntRow> hunt(CellResults cell) {
    return hunts.stream().filter(h -> h.cellId().equals(cell.id())).findFirst();
  }

  /** What can be said of a cell; empty if its Service changed, or it has no results. */
  public Optional<VerdictRow> verdict(CellResults cell, Unit unit) {
    return verdicts.stream()
        .filter(v -> v.cellId().equals(cell.id()) && v.unit() == unit)
        .findFirst();
  }
}
