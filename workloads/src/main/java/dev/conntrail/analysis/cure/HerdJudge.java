package dev.conntrail.analysis.cure;

import dev.conntrail.analysis.Verdicts;
import dev.conntrail.result.row.CureRow;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Judges a herd: the connects of each stretch of time against the least and the most that can be
 * expected of connections which know nothing of each other. Numbers of trials whose probabilities
 * differ scatter less than the binomial of their mean (Hoeffding 1956), so it errs towards
 * agreement; so does the correction for the number of numbers.
 */
final class HerdJudge {
  private static final double PCT = 100;
  private static final double MS_PER_S = 1000;
  private static final double ROUNDING = 1e-9;

  private final Herded herd;
  private final List<Counted> counted;

  HerdJudge(Herded herd) {
    this.herd = herd;
    this.counted =
        Stream.concat(herd.tenths().stream(), Stream.of(herd.first()))
            .map(s -> Counted.of(herd, s))
            .toList();
  }

  /**
   * The connects of a stretch.
   *
   * @param least how many there are if each connects as seldom in it as can be
   * @param most if as often
   */
  private record Counted(
      Herded.Stretch stretch, BinomialDistribution least, BinomialDistribution most) {
    static Counted of(Herded herd, Herded.Stretch s) {
      int n = herd.together();
      return new Counted(
          s,
          BinomialDistribution.of(n, herd.atLeast(s)),
          BinomialDistribution.of(n, herd.atMost(s)));
    }

    /** Two-sided probability of the number that was seen, or of one further away. */
    double p() {
      return Math.min(1, 2 * Math.min(few(stretch.opened()), many(stretch.opened())));
    }

    private double few(int n) {
      return least.cumulativeProbability(n);
    }

    private double many(int n) {
      return most.survivalProbability(n - 1);
    }

    /** How often another herd would be found. */
    double found(Herded other, double level) {
      int n = other.together();
      BinomialDistribution truth =
          BinomialDistribution.of(n, Math.min(1, other.expected(stretch) / n));
      int tooFew = first(n + 1, k -> 2 * few(k) > level) - 1;
      int tooMany = first(n + 1, k -> 2 * many(k) <= level);
      return (tooFew < 0 ? 0 : truth.cumulativeProbability(tooFew))
          + (tooMany > n ? 0 : truth.survivalProbability(tooMany - 1));
    }
  }

  /** The first number from 0 on of which something is so, as of all that follow; else the end. */
  private static int first(int end, IntPredicate so) {
    int low = 0;
    int high = end;
    while (low < high) {
      int middle = (low + high) / 2;
      if (so.test(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /**
   * What follows.
   *
   * @param tests of this kind in the run
   */
  CureRow.OnHerd judged(int tests) {
    int n = counted.size();
    double level = Verdicts.FAMILY_ERROR / tests;
    double p = Math.min(1, n * counted.stream().mapToDouble(Counted::p).min().orElseThrow());
    Herded other = herd.otherwise();
    double power = counted.stream().mapToDouble(c -> c.found(other, level / n)).max().orElseThrow();
    Herded.Stretch dense = densest();
    int most = herd.tenths().stream().mapToInt(Herded.Stretch::opened).max().orElseThrow();
    return new CureRow.OnHerd(
        herd.together(),
        MS_PER_S * (dense.fromS() + dense.toS()) / 2,
        herd.perS(herd.expected(dense), dense),
        herd.perS(dense.opened(), dense),
        herd.perS(most, dense),
        p,
        Math.min(1, p * tests),
        PCT * power,
        Optional.of(CureRows.fit(p, level, power)));
  }

  /** The first in which most is expected, but for rounding. */
  private Herded.Stretch densest() {
    List<Herded.Stretch> tenths = herd.tenths();
    double most = tenths.stream().mapToDouble(herd::expected).max().orElseThrow();
    return tenths.stream()
        .filter(s -> herd.expected(s) >= most * (1 - ROUNDING))
        .findFirst()
        .orElseThrow();
  }
}
