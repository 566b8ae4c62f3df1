package dev.conntrail.compare;

import dev.conntrail.analysis.chance.Holm;
import dev.conntrail.record.Quantiles;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Judges both sides of one run, block by block: a block's value is the logarithm of the ratio of B
 * to A, which neither what moves between runs nor a drift within the run touches; the median of
 * blocks is shown, tested by exact sign flips, and corrected by Holm over the primary times of what
 * is compared. A negative control, the same cell on both sides, that moves makes all void.
 *
 * @param times a row a pair of cells and time
 * @param blocks that were run
 * @param level of this look, for all its verdicts together
 * @param margin the ratio that matters
 */
public record Gate(List<GateTime> times, int blocks, double level, double margin) {
  /** Of all looks together. */
  public static final double LEVEL = 0.05;

  /**
   * Judges.
   *
   * @param level of this look: where several are planned each has an equal part of {@link #LEVEL},
   *     so that all together keep it whatever they have to do with each other (Bonferroni)
   */
  public static Gate judge(List<BlockPair> pairs, double level, double margin) {
    Map<BlockPair.Which, List<BlockPair>> cells =
        pairs.stream()
            .collect(
                Collectors.groupingBy(BlockPair::which, LinkedHashMap::new, Collectors.toList()));
    List<Raw> raws =
        cells.entrySet().stream()
            .flatMap(e -> Arrays.stream(Timed.values()).map(t -> raw(e.getKey(), e.getValue(), t)))
            .filter(r -> !r.logs().isEmpty())
            .toList();
    List<GateTime> times =
        judged(raws.stream().filter(r -> !r.which().control()).toList(), level, margin);
    List<GateTime> controls =
        judged(raws.stream().filter(r -> r.which().control()).toList(), LEVEL, margin);
    int blocks = (int) pairs.stream().mapToInt(BlockPair::block).distinct().count();
    return new Gate(
        java.util.stream.Stream.concat(times.stream(), controls.stream()).toList(),
        blocks,
        level,
        margin);
  }

  private record Raw(
      BlockPair.Which which,
      Timed timed,
      List<BlockPair> blocks,
      List<Double> logs,
      double nsA,
      double nsB,
      double p) {}

  private static Raw raw(BlockPair.Which which, List<BlockPair> blocks, Timed timed) {
    List<BlockPair> kept =
        blocks.stream()
            .filter(BlockPair::kept)
            .filter(b -> timed.ns(b.ofA()) > 0 && timed.ns(b.ofB()) > 0)
            .toList();
    List<Double> logs =
        kept.stream()
            .mapToDouble(b -> Math.log(timed.ns(b.ofB())) - Math.log(timed.ns(b.ofA())))
            .boxed()
            .toList();
    return new Raw(
        which,
        timed,
        blocks,
        logs,
        median(kept, b -> timed.ns(b.ofA())),
        median(kept, b -> timed.ns(b.ofB())),
        SignFlips.p(array(logs)));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(x -> x).toArray();
  }

  private static double median(List<BlockPair> blocks, ToDoubleFunction<BlockPair> ns) {
    return Quantiles.median(blocks.stream().mapToDouble(ns).toArray());
  }

  private static List<GateTime> judged(List<Raw> raws, double level, double margin) {
    List<Holm.Adjusted<Raw>> family =
        Holm.adjust(raws.stream().filter(r -> r.timed().primary()).toList(), Raw::p);
    return raws.stream()
        .map(r ->
            judged(
                r,
                family.stream()
                    .filter(f -> f.test().equals(r))
                    .mapToDouble(Holm.Adjusted::p)
                    .findFirst()
                    .orElse(Double.NaN),
                level,
                margin))
        .toList();
  }

  private static GateTime judged(Raw raw, double adjustedP, double level, double margin) {
    double ratio = Quantiles.median(raw.logs());
    Interval interval = SignFlips.interval(level, array(raw.logs()));
    return new GateTime(
        raw.which().a(),
        raw.which().b(),
        raw.which().control(),
        raw.timed(),
        raw.logs().size(),
        GateTime.Errors.of(raw.blocks().stream().map(BlockPair::ofA).toList()),
        GateTime.Errors.of(raw.blocks().stream().map(BlockPair::ofB).toList()),
        raw.nsA(),
        raw.nsB(),
        Math.exp(ratio),
        interval.ratios(),
        raw.p(),
        adjustedP,
        change(
            raw.timed(),
            adjustedP <= level,
            SignFlips.middle(array(raw.logs())),
            interval,
            margin));
  }

  private static Change change(
      Timed timed, boolean differs, double middle, Interval interval, double margin) {
    if (!timed.primary()) {
      return Change.SHOWN;
    }
    if (differs) {
      return middle > 0 ? Change.SLOWER : Change.FASTER;
    }
    return interval.within(Math.log(margin)) ? Change.NO_CHANGE : Change.CANNOT_TELL;
  }

  private List<GateTime> primaries(boolean control) {
    return times.stream().filter(t -> t.timed().primary() && t.control() == control).toList();
  }

  /** Times that a verdict was declared for. */
  public List<GateTime> declared() {
    return primaries(false);
  }

  /** Whether every declared time has a verdict. */
  public boolean decided() {
    return !declared().isEmpty()
        && declared().stream().noneMatch(t -> t.change() == Change.CANNOT_TELL);
  }

  /** Negative controls that moved: where there is one, nothing else of the run is believed. */
  public List<GateTime> moved() {
    return primaries(true).stream().filter(t -> t.change().shown()).toList();
  }

  /** Whether a negative control moved. */
  public boolean isVoid() {
    return !moved().isEmpty();
  }

  /** Declared times whose verdict is this. */
  public List<GateTime> times(Change change) {
    return declared().stream().filter(t -> t.change() == change).toList();
  }

  /** Times of B that are longer by more than the margin. */
  public List<GateTime> slowerBeyond() {
    return declared().stream().filter(t -> t.slowerBeyond(margin)).toList();
  }
}
