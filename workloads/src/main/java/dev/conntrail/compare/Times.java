package dev.conntrail.compare;

import dev.conntrail.analysis.chance.Holm;
import dev.conntrail.result.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Compares times of pairs of cells: the repetition is the unit, the ratio is that of Hodges and
 * Lehmann, its exact interval is widened by what moves between identical runs, and the probability
 * is the level at which that interval begins to hold 1: never below the exact rank test's.
 */
final class Times {
  /** Of the intervals, and of all verdicts together. */
  static final double LEVEL = 0.05;

  private static final int HALVINGS = 30;

  private final BiFunction<Timed, Boolean, Optional<Noise>> noises;
  private final Map<Of, Optional<Noise>> known = new HashMap<>();
  private final boolean comparable;
  private final double margin;

  /** What noise is known by: it is the same for all cells, and takes long to work out. */
  private record Of(Timed timed, boolean controlled) {}

  /**
   * @param noises what moves between runs, by time and whether it is over a control's
   * @param comparable whether the runs are alike in what times depend on
   * @param margin the ratio that matters
   */
  Times(BiFunction<Timed, Boolean, Optional<Noise>> noises, boolean comparable, double margin) {
    this.noises = noises;
    this.comparable = comparable;
    this.margin = margin;
  }

  /** The ratio that matters. */
  double margin() {
    return margin;
  }

  /** A comparison before its probability is corrected. */
  private record Raw(
      CellPair pair,
      Timed timed,
      boolean controlled,
      Sample a,
      Sample b,
      Optional<Noise> noise,
      Optional<Shift> shift) {
    boolean declared() {
      return timed.primary() && shift.isPresent() && noise.isPresent();
    }

    double within() {
      return Math.sqrt((a.squares() + b.squares()) / (a.n() + b.n() - 2));
    }

    Interval interval(double level) {
      double by =
          noise
              .map(n ->
                  TDistribution.of(n.df()).inverseSurvivalProbability(level / 2)
                      * Math.sqrt(n.ofDifference()))
              .orElse(0.0);
      return shift.map(s -> s.interval(level).widened(s.estimate(), by)).orElse(Interval.UNBOUNDED);
    }

    double p() {
      double rejected = 1;
      double accepted = 0;
      for (int i = 0; i < HALVINGS; i++) {
        double middle = (rejected + accepted) / 2;
        if (interval(middle).excludesZero()) {
          rejected = middle;
        } else {
          accepted = middle;
        }
      }
      return Math.max(rejected, RankTest.p(a.values(), b.values()));
    }
  }

  /** Compares all. */
  List<TimeComparison> of(List<CellPair> pairs) {
    List<Raw> all = new ArrayList<>();
    for (CellPair pair : pairs) {
      for (Timed timed : Timed.values()) {
        raw(pair, timed).ifPresent(all::add);
      }
    }
    List<Holm.Adjusted<Tested>> family =
        Holm.adjust(
            all.stream().filter(Raw::declared).map(r -> new Tested(r, r.p())).toList(), Tested::p);
    return all.stream().map(r -> judged(r, family)).toList();
  }

  private record Tested(Raw raw, double p) {}

  /**
   * Over the controls where both sides have values so; nothing where nothing was recorded. Where
   * every repetition carries a mark there are no values, and nothing can be told.
   */
  private Optional<Raw> raw(CellPair pair, Timed timed) {
    Sample a = Sample.of(pair.a(), pair.control(Side.A), timed);
    Sample b = Sample.of(pair.b(), pair.control(Side.B), timed);
    boolean controlled = pair.controls().isPresent() && a.n() > 0 && b.n() > 0;
    if (!controlled) {
      a = Sample.of(pair.a(), Optional.empty(), timed);
      b = Sample.of(pair.b(), Optional.empty(), timed);
    }
    return !Sample.recorded(pair.a(), timed) && !Sample.recorded(pair.b(), timed)
        ? Optional.empty()
        : Optional.of(
            new Raw(pair, timed, controlled, a, b, noise(timed, controlled), shift(a, b)));
  }

  private Optional<Noise> noise(Timed timed, boolean controlled) {
    return comparable
        ? known.computeIfAbsent(
            new Of(timed, controlled), of -> noises.apply(of.timed(), of.controlled()))
        : Optional.empty();
  }

  /** Nothing where a side has no values, or both together more than are ranked. */
  private static Optional<Shift> shift(Sample a, Sample b) {
    return a.n() > 0 && b.n() > 0 && a.n() + b.n() <= RankTest.MOST
        ? Optional.of(Shift.between(a.values(), b.values()))
        : Optional.empty();
  }

  private TimeComparison judged(Raw raw, List<Holm.Adjusted<Tested>> family) {
    Optional<Holm.Adjusted<Tested>> adjusted =
        family.stream().filter(f -> f.test().raw().equals(raw)).findFirst();
    double p = adjusted.map(f -> f.test().p()).orElse(Double.NaN);
    double adjustedP = adjusted.map(Holm.Adjusted::p).orElse(Double.NaN);
    double estimate = raw.shift().map(Shift::estimate).orElse(Double.NaN);
    Interval interval = raw.interval(LEVEL);
    Optional<Detectable> power =
        raw.noise()
            .filter(_ -> raw.a().n() + raw.b().n() > 2)
            .map(n -> new Detectable(raw.within(), n, LEVEL / Math.max(1, family.size())));
    double detectable =
        power
            .filter(_ -> raw.shift().isPresent())
            .map(d -> d.ratio(raw.a().n(), raw.b().n()))
            .orElse(Double.NaN);
    return new TimeComparison(
        raw.pair(),
        raw.timed(),
        raw.controlled(),
        raw.noise(),
        raw.a().taken(),
        raw.b().taken(),
        Math.exp(estimate),
        interval.ratios(),
        p,
        adjustedP,
        change(raw, adjustedP, estimate, interval),
        detectable,
        detectable <= margin
            ? OptionalInt.empty()
            : power.map(d -> d.repetitions(margin)).orElse(OptionalInt.empty()));
  }

  private Change change(Raw raw, double adjustedP, double estimate, Interval interval) {
    if (!raw.timed().primary()) {
      return Change.SHOWN;
    }
    if (!comparable) {
      return Change.NOT_COMPARABLE;
    }
    if (raw.noise().isEmpty()) {
      return Change.NOISE_UNKNOWN;
    }
    if (adjustedP <= LEVEL) {
      return estimate > 0 ? Change.SLOWER : Change.FASTER;
    }
    return interval.within(Math.log(margin)) ? Change.NO_CHANGE : Change.CANNOT_TELL;
  }
}
