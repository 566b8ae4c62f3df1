package dev.conntrail.report.oracle;

import dev.conntrail.report.oracle.Facts.Cell;
import java.util.ArrayList;
import java.util.List;

/**
 * Where 95 % of the means lie of pods without a connection, by inclusion and exclusion (the program
 * goes connection by connection).
 */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
record Idle(double low, double high) {
  private static final double TAIL = 0.025;

  static Idle of(Cell c) {
    double[] sum = {1};
    List<long[]> counts = c.counts("connections_count");
    for (long[] r : counts) {
      double[] one = empty(FairCounts.sum(r), r.length);
      double[] next = new double[sum.length + one.length - 1];
      for (int i = 0; i < sum.length; i++) {
        for (int j = 0; j < one.length; j++) {
          next[i + j] += sum[i] * one[j];
        }
      }
      sum = next;
    }
    return new Idle((double) end(sum, 1) / counts.size(), (double) end(sum, -1) / counts.size());
  }

  /** The last number from one side that has at most 2.5 % before it. */
  private static int end(double[] p, int step) {
    int at = step > 0 ? 0 : p.length - 1;
    for (double before = p[at]; before <= TAIL; before += p[at]) {
      at += step;
    }
    return at;
  }

  /** Probability of each number of empty cells (Feller, vol. 1, IV.2). */
  private static double[] empty(long n, int k) {
    List<Double> p = new ArrayList<>();
    for (int m = 0; m <= k; m++) {
      double sum = 0;
      for (int i = 0; i <= k - m; i++) {
        double term = choose(k - m, i) * Math.pow(1 - (double) (m + i) / k, n);
        sum += i % 2 == 0 ? term : -term;
      }
      p.add(Math.max(0, choose(k, m) * sum));
    }
    return p.stream().mapToDouble(d -> d).toArray();
  }

  private static double choose(int n, int k) {
    double c = 1;
    for (int i = 1; i <= k; i++) {
      c = c * (n - k + i) / i;
    }
    return c;
  }
}
