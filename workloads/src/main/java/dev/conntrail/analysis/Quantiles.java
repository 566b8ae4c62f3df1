package dev.conntrail.analysis;

import java.util.Collection;
import org.hipparchus.stat.descriptive.rank.Median;
import org.hipparchus.stat.descriptive.rank.Percentile;

/** Medians and other quantiles of a few values, in one place and by one definition. */
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
}
