package dev.conntrail.analysis.chance;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.apache.commons.rng.JumpableUniformRandomProvider;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * A Monte-Carlo test: a statistic of many fair draws, compared with the one observed. The seed
 * follows from the question, so the same counts have the same p in every process; threads change
 * nothing, for each stretch of draws has a stream of its own.
 */
final class Draws {
  private static final int STREAMS = 50;

  /** Statistics that differ by less than this are the same, added in another order. */
  private static final double SAME = 1e-12;

  private record Asked(double statistic, List<Long> question) {}

  private static final Memo<Asked, TestResult> KNOWN = new Memo<>();

  private Draws() {}

  /**
   * Draws and compares, unless that was done before.
   *
   * @param question what the seed and all draws follow from; no other kind of draw has the same
   * @param drawing makes from a source of randomness what draws the statistic
   */
  static TestResult test(
      double statistic, long[] question, Function<UniformRandomProvider, DoubleSupplier> drawing) {
    return KNOWN.get(
        new Asked(statistic, Arrays.stream(question).boxed().toList()),
        _ -> drawn(statistic, question, drawing));
  }

  private static TestResult drawn(
      double statistic, long[] question, Function<UniformRandomProvider, DoubleSupplier> drawing) {
    JumpableUniformRandomProvider source =
        (JumpableUniformRandomProvider)
            RandomSource.XO_RO_SHI_RO_128_PP.create(Arrays.hashCode(question));
    int each = Uniformity.DRAWS / STREAMS;
    double slack = SAME * Math.max(1, statistic);
    long[] hits =
        source.jumps(STREAMS).toList().parallelStream()
            .map(stream -> hits(drawing.apply(stream), each, statistic, slack))
            .reduce(new long[2], (a, b) -> new long[] {a[0] + b[0], a[1] + b[1]});
    double draws = Uniformity.DRAWS + 1.0;
    return new TestResult(
        statistic,
        (hits[0] + 1) / draws,
        (hits[1] + 1) / draws,
        new Method.MonteCarlo(Uniformity.DRAWS));
  }

  private static long[] hits(DoubleSupplier draw, int draws, double statistic, double slack) {
    long[] hits = new long[2];
    for (int i = 0; i < draws; i++) {
      double drawn = draw.getAsDouble();
      hits[0] += drawn >= statistic - slack ? 1 : 0;
      hits[1] += drawn <= statistic + slack ? 1 : 0;
    }
    return hits;
  }
}
