package dev.conntrail.record;

import java.util.Collection;
import org.HdrHistogram.Histogram;
import org.hipparchus.stat.descriptive.rank.Median;
import org.hipparchus.stat.descriptive.rank.Percentile;

/** Medians and other quantiles of values and of histograms, in one place and by one definition. */
public final class Quantiles {
  private Quantiles() {}

  /** The median; the mean of the middle two of an even number; not a number of nothing. */
  public static double median(double... values) {
    return values.length == 0 ? Double.NaN : new Median().evaluate(values);
  }

  /** The median of a collection. */
  public static double median(Collection<Double> values) {
    return median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** A percentile (R's type 6, as Hipparchus has it); not a number of nothing. */
  public static double percentile(double[] values, double percentile) {
    return values.length == 0 ? Double.NaN : new Percentile().evaluate(values, percentile);
  }

  /**
   * A percentile of a histogram: the value of that rank, 100 the largest; not a number of nothing.
   */
  public static double percentile(Histogram h, double percentile) {
    if (h.getTotalCount() == 0) {
      return Double.NaN;
    }
    return percentile >= 100 ? h.getMaxValue() : h.getValueAtPercentile(percentile);
  }
}
