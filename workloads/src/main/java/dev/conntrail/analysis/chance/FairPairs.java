package dev.conntrail.analysis.chance;

/**
 * The exact distribution of the number of pairs in a fair draw of n connections on k pods, summed
 * over repetitions of it.
 */
final class FairPairs {
  private record Draw(int n, int k, int repetitions) {}

  private static final Memo<Draw, FairPairs> KNOWN = new Memo<>();

  private final long least;
  private final double[] probabilities;
  private final double[] atLeast;
  private final double[] atMost;

  private FairPairs(Draw draw) {
    PairsTransform transform =
        new PairsTransform(
            new PoissonPods(draw.k(), (double) draw.n() / draw.k(), draw.n()), draw.repetitions());
    least = transform.least();
    probabilities = transform.probabilities();
    int size = probabilities.length;
    atLeast = new double[size];
    atMost = new double[size];
    double upper = 0;
    double lower = 0;
    for (int i = 0; i < size; i++) {
      lower += probabilities[i];
      atMost[i] = lower;
      upper += probabilities[size - 1 - i];
      atLeast[size - 1 - i] = upper;
    }
  }

  /** Works it out, or takes it from what was worked out before. */
  static FairPairs of(int n, int k, int repetitions) {
    return KNOWN.get(new Draw(n, k, repetitions), FairPairs::new);
  }

  /** Probability of so many pairs or more; never below what rounding allows to tell. */
  double atLeast(long pairs) {
    long i = Math.max(0, pairs - least);
    return told(i < atLeast.length ? atLeast[(int) i] : 0);
  }

  /** Probability of so many pairs or fewer. */
  double atMost(long pairs) {
    long i = Math.min(pairs - least, atMost.length - 1);
    return told(i < 0 ? 0 : atMost[(int) i]);
  }

  private static double told(double p) {
    return Math.clamp(p, PairsTransform.ERROR, 1);
  }

  /** The fewest pairs of which so many or more have at most this probability. */
  long critical(double tail) {
    int i = atLeast.length;
    while (i > 0 && atLeast[i - 1] <= tail) {
      i--;
    }
    return least + i;
  }

  /** The fewest pairs that matter: fewer have a probability below 1e-14. */
  long least() {
    return least;
  }

  /** Probabilities from {@link #least} on. */
  double[] probabilities() {
    return probabilities.clone();
  }
}
