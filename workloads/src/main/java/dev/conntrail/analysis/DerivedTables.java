package dev.conntrail.analysis;

import dev.conntrail.analysis.growth.Growth;
import dev.conntrail.analysis.growth.Ratios;
import dev.conntrail.result.JmhResults;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import java.io.IOException;
import java.util.List;

/** Writes the tables that follow from others, in a folder of results. */
public final class DerivedTables {
  private DerivedTables() {}

  /** All of them, of a run; a folder of an earlier layout keeps those that it has. */
  public static void write(Analysis analysis) throws IOException {
    write(analysis, analysis.results().folder());
  }

  /** The same into another folder. */
  public static void write(Analysis analysis, RunFolder folder) throws IOException {
    RunResults run = analysis.results();
    if (run.manifest().schema() != Manifest.SCHEMA) {
      return;
    }
    folder.write(Tables.VERDICTS, analysis.verdicts());
    folder.write(Tables.MATRICES, analysis.matrices());
    if (!analysis.around().recoveries().isEmpty()) {
      folder.write(Tables.AROUND, analysis.around().windows());
      folder.write(Tables.NEW_PODS, analysis.around().newPods());
      folder.write(Tables.RECOVERY, analysis.around().recoveries());
    }
    if (!analysis.cures().isEmpty()) {
      folder.write(Tables.CURES, analysis.cures());
    }
    if (!analysis.herds().isEmpty()) {
      folder.write(Tables.HERDS, analysis.herds());
    }
    if (!analysis.newShares().isEmpty()) {
      folder.write(Tables.NEW_SHARES, analysis.newShares());
    }
    if (!analysis.hunts().isEmpty()) {
      folder.write(Tables.HUNTS, analysis.hunts());
    }
    if (!analysis.middle().legs().isEmpty()) {
      folder.write(Tables.LEGS, analysis.middle().legs());
      folder.write(Tables.PROXY_COUNTS, analysis.middle().counts());
    }
    if (!run.jmh().isEmpty()) {
      folder.write(Tables.JMH, run.jmh());
    }
    if (!analysis.growth().isEmpty()) {
      folder.write(Tables.GROWTH, analysis.growth());
      folder.write(Tables.RATIOS, analysis.ratios());
    }
  }

  /**
   * How costs grow, of any folder with benchmarks or calibrations.
   *
   * @param run the run that they belong to
   */
  public static List<GrowthRow> growth(RunFolder folder, String run) throws IOException {
    List<JmhRow> jmh = JmhResults.read(folder.jmh(), run);
    List<KernelRow> kernel = folder.rows(Tables.KERNEL);
    List<GrowthRow> rows = Growth.of(jmh, kernel);
    if (!rows.isEmpty()) {
      folder.write(Tables.GROWTH, rows);
      folder.write(Tables.RATIOS, Ratios.of(jmh, kernel));
    }
    return rows;
  }
}
