package dev.conntrail.result.row;

import java.util.Optional;

/**
 * {@code growth.csv}: one row a source, lookup, packet and target.
 *
 * @param marginNs a growth within which a cost is called constant, nanoseconds a Service
 * @param doubt why nothing can be told; empty where something can
 */
public record GrowthRow(
    String run,
    Source source,
    Lookup lookup,
    Packet packet,
    Target target,
    Optional<Long> endpointsCount,
    Optional<Long> connectionsCount,
    @Inline Observed observed,
    Cost cost,
    Slope slope,
    Fit fit,
    double marginNs,
    Trend trend,
    Optional<Doubt> doubt) {
  /**
   * What the fit goes through.
   *
   * @param pointsCount numbers of Services
   * @param loadsCount independent loads of rules, or forks, that were used
   * @param disturbedCount further ones that were left out, for others had CPU time beside them
   * @param fewestServicesCount smallest number of Services
   * @param mostServicesCount largest
   */
  public record Observed(
      int pointsCount,
      int loadsCount,
      int disturbedCount,
      long fewestServicesCount,
      long mostServicesCount) {}

  /**
   * Mean over loads, nanoseconds; in the kernel of the whole call.
   *
   * @param fewestNs with the fewest Services
   * @param mostNs with the most
   */
  public record Cost(double fewestNs, double mostNs) {}

  /**
   * Nanoseconds a Service.
   *
   * @param ns least squares over the means of all numbers of Services
   * @param lowNs lower end of its 95 % interval
   * @param highNs upper end
   * @param flattestNs smallest between neighbouring numbers of Services
   * @param steepestNs largest
   */
  public record Slope(
      double ns, double lowNs, double highNs, double flattestNs, double steepestNs) {}

  /**
   * How well a curve goes through the means, against the scatter of loads.
   *
   * @param scatterPct standard deviation of loads of the same number of Services, per cent of the
   *     cost
   * @param lineP probability of such a lack of fit if it were a line
   * @param otherP the same if it grew with n log n
   */
  public record Fit(double scatterPct, double lineP, double otherP) {}

  /** The same, of which nothing can be told. */
  public GrowthRow doubted(Doubt why) {
    return new GrowthRow(
        run,
        source,
        lookup,
        packet,
        target,
        endpointsCount,
        connectionsCount,
        observed,
        cost,
        slope,
        fit,
        marginNs,
        Trend.CANNOT_TELL,
        Optional.of(why));
  }

  /** Whether it surely grows, along a line or not. */
  public boolean grows() {
    return trend == Trend.LINEAR || trend == Trend.GROWS || doubt.equals(Optional.of(Doubt.SHAPE));
  }
}
