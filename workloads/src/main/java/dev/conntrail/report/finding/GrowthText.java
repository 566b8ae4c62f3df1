package dev.conntrail.report.finding;

import static dev.conntrail.report.block.Numbers.count;
import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.analysis.growth.Growth;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.Doubt;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Trend;
import java.util.Optional;

/** How a cost grows, in words that follow from the verdict. */
public final class GrowthText {
  private GrowthText() {}

  /** Where it was measured. */
  public static String source(Source source) {
    return switch (source) {
      case MODEL -> "the model";
      case KERNEL -> "this machine's kernel";
      case GUEST_KERNEL -> "the guest's kernel";
    };
  }

  /** A slope with its interval, where there is one: {@code 5.89 (5.83 to 5.95)}. */
  public static String slope(GrowthRow g) {
    return interval(g.slope().ns(), g.slope().lowNs(), g.slope().highNs());
  }

  /** A figure with its interval, where there is one. */
  public static String interval(double value, double low, double high) {
    return Double.isFinite(low) && Double.isFinite(high)
        ? number(value) + " (" + number(low) + " to " + number(high) + ")"
        : number(value);
  }

  /** The verdict in a few words. */
  public static String brief(GrowthRow g) {
    return switch (g.trend()) {
      case CONSTANT -> "constant within " + number(g.marginNs()) + " ns a Service";
      case LINEAR -> "linear";
      case GROWS -> "grows otherwise";
      case CANNOT_TELL -> "cannot tell" + g.doubt().map(d -> ": " + brief(d)).orElse("");
    };
  }

  private static String brief(Doubt doubt) {
    return switch (doubt) {
      case FEW_POINTS -> "too few numbers of Services";
      case FEW_LOADS -> "too few loads";
      case DISTURBED -> "others had CPU time";
      case SCATTER -> "scatters";
      case CONTROL -> "the control moved";
      case SHAPE -> "grows, perhaps along a line";
    };
  }

  /** The verdict with its figures: what goes on after "its cost". */
  public static String told(GrowthRow g) {
    String range = ", from " + range(g);
    return switch (g.trend()) {
      case CONSTANT ->
          "is constant within "
              + number(g.marginNs())
              + " ns a Service: "
              + slope(g)
              + " ns"
              + range;
      case LINEAR -> "grows by " + slope(g) + " ns with each Service" + range;
      case GROWS ->
          "grows by "
              + slope(g)
              + " ns a Service on average, not along a line ("
              + number(g.slope().flattestNs())
              + " to "
              + number(g.slope().steepestNs())
              + " ns from one number of Services to the next)"
              + range;
      case CANNOT_TELL ->
          g.doubt().equals(Optional.of(Doubt.SHAPE))
              ? "grows by " + slope(g) + " ns a Service on average, perhaps along a line" + range
              : "cannot be judged"
                  + g.doubt().map(d -> ": " + why(g, d)).orElse("")
                  + " (as measured, "
                  + slope(g)
                  + " ns a Service"
                  + range
                  + ")";
    };
  }

  private static String why(GrowthRow g, Doubt doubt) {
    return switch (doubt) {
      case SHAPE -> "a line goes through its means, and so does another curve";
      case DISTURBED -> "other processes had CPU time beside too much of it";
      case SCATTER ->
          "what should be alike differs by "
              + number(g.fit().scatterPct())
              + " % of the cost (standard deviation)";
      case FEW_POINTS ->
          "it was measured with "
              + g.observed().pointsCount()
              + " numbers of Services, and takes "
              + Growth.POINTS;
      case FEW_LOADS ->
          "it was measured too few times with each number of Services, and takes " + Growth.LOADS;
      case CONTROL -> "the first Service, measured twice, differed from itself";
    };
  }

  /** {@code 1 to 10,000 Services}. */
  public static String range(GrowthRow g) {
    return count(g.observed().fewestServicesCount())
        + " to "
        + count(g.observed().mostServicesCount())
        + " Services";
  }

  /** How many independent loads, of how many numbers of Services. */
  public static String loads(GrowthRow g) {
    String loads = g.source() == Source.MODEL ? " forks" : " loads of rules";
    return g.observed().loadsCount()
        + loads
        + " of "
        + g.observed().pointsCount()
        + " numbers of Services"
        + (g.observed().disturbedCount() == 0
            ? ""
            : ", " + g.observed().disturbedCount() + " more left out as disturbed");
  }

  /** How a cost that should not grow is to be taken. */
  public static Tone flatTone(GrowthRow g) {
    if (g.grows()) {
      return Tone.BAD;
    }
    return switch (g.trend()) {
      case CONSTANT -> Tone.GOOD;
      case LINEAR, GROWS -> Tone.BAD;
      case CANNOT_TELL -> Tone.UNKNOWN;
    };
  }

  /** How a cost that should grow is to be taken. */
  public static Tone walkTone(GrowthRow g) {
    if (g.grows()) {
      return Tone.PLAIN;
    }
    return g.trend() == Trend.CONSTANT ? Tone.BAD : Tone.UNKNOWN;
  }
}
