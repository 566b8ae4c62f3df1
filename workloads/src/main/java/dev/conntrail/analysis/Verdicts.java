package dev.conntrail.analysis;

import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.analysis.chance.Holm;
import dev.conntrail.analysis.chance.Imbalance;
import dev.conntrail.analysis.chance.TestResult;
import dev.conntrail.analysis.chance.Uniformity;
import dev.conntrail.result.Rows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** From counts by pod to a verdict for each cell: is this a fair draw? */
public final class Verdicts {
  /** The chance of any wrong "not chance" in a whole run, if every cell is fair. */
  public static final double FAMILY_ERROR = 0.001;

  /** The band holds all pods of a fair cell with this probability. */
  public static final double BAND = 0.99;

  /** The unit that the kernel chooses for. */
  public static final String CONNECTIONS = "connections";

  /** The unit that pods work on. */
  public static final String REQUESTS = "requests";

  public static final String IS_CHANCE = "chance";
  public static final String TOO_UNEVEN = "not chance: too uneven";
  public static final String TOO_EVEN = "not chance: too even";

  private Verdicts() {}

  /** A row for each cell and unit, in order of first appearance; corrected over all of them. */
  public static List<Rows.Verdict> of(List<Rows.Distribution> distribution) {
    Map<String, List<Rows.Distribution>> byCell = new LinkedHashMap<>();
    distribution.forEach(d -> byCell.computeIfAbsent(d.cell(), _ -> new ArrayList<>()).add(d));
    List<Rows.Verdict> raw = new ArrayList<>();
    byCell.forEach((cell, rows) -> {
      raw.add(row(cell, CONNECTIONS, rows, Rows.Distribution::connectionsCount));
      raw.add(row(cell, REQUESTS, rows, Rows.Distribution::requestsCount));
    });
    return Holm.adjust(raw, Rows.Verdict::pValue).stream()
        .map(a -> judged(a.test(), a.p()))
        .toList();
  }

  private static Rows.Verdict row(
      String cell,
      String unit,
      List<Rows.Distribution> rows,
      ToLongFunction<Rows.Distribution> count) {
    Map<Integer, List<Long>> byRepetition = new LinkedHashMap<>();
    for (Rows.Distribution d : rows) {
      byRepetition
          .computeIfAbsent(d.repetition(), _ -> new ArrayList<>())
          .add(count.applyAsLong(d));
    }
    // Summed by place in the order of pods, not by name: a cluster may have replaced a pod between
    // repetitions, and in a fair draw all places are alike.
    long[] counts = new long[byRepetition.values().stream().mapToInt(List::size).max().orElse(0)];
    for (List<Long> repetition : byRepetition.values()) {
      for (int i = 0; i < repetition.size(); i++) {
        counts[i] += repetition.get(i);
      }
    }
    int k = counts.length;
    long n = java.util.Arrays.stream(counts).sum();
    TestResult test = Uniformity.pooled(counts);
    FairDraw fair = new FairDraw(n, k);
    double idle =
        byRepetition.values().stream()
            .mapToLong(r -> r.stream().filter(c -> c == 0).count())
            .average()
            .orElse(Double.NaN);
    double idleExpected =
        byRepetition.values().stream()
            .mapToDouble(
                r -> new FairDraw(r.stream().mapToLong(Long::longValue).sum(), k).expectedIdle())
            .average()
            .orElse(Double.NaN);
    FairDraw.Band band = fair.band(BAND);
    return new Rows.Verdict(
        cell,
        unit,
        n,
        k,
        test.statistic(),
        test.p(),
        Double.NaN,
        test.method().text(),
        test.side() == TestResult.Side.EVEN ? TOO_EVEN : TOO_UNEVEN,
        idle,
        idleExpected,
        Imbalance.maxOverMean(counts),
        fair.expectedMaxOverMean(),
        Imbalance.jain(counts),
        band.low(),
        band.high());
  }

  /** The raw row carries the verdict it would get if it were significant. */
  private static Rows.Verdict judged(Rows.Verdict r, double adjusted) {
    String verdict = adjusted <= FAMILY_ERROR ? r.verdict() : IS_CHANCE;
    return new Rows.Verdict(
        r.cell(),
        r.unit(),
        r.observedCount(),
        r.podsCount(),
        r.chiSquare(),
        r.pValue(),
        adjusted,
        r.method(),
        verdict,
        r.idleMeanCount(),
        r.idleExpectedCount(),
        r.maxOverMean(),
        r.maxOverMeanExpected(),
        r.jain(),
        r.bandLowCount(),
        r.bandHighCount());
  }
}
