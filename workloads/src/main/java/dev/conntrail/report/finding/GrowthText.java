package dev.conntrail.report.finding;

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
    return slopeOf(g).text();
  }

  /** A figure with its interval, where there is one. */
  public static String interval(double value, double low, double high) {
    return intervalOf(value, low, high).text();
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
  static Sentence told(GrowthRow g) {
    return Sentence.of("{verdict}{range}{end}")
        .with("verdict", verdict(g))
        .with("range", ", from ", Optional.of(rangeOf(g)))
        .with("end", cannotTell(g) ? ")" : "");
  }

  private static boolean cannotTell(GrowthRow g) {
    return g.trend() == Trend.CANNOT_TELL && !g.doubt().equals(Optional.of(Doubt.SHAPE));
  }

  private static Sentence verdict(GrowthRow g) {
    return switch (g.trend()) {
      case CONSTANT ->
          Sentence.of("is constant within {margin} ns a Service: {slope} ns")
              .with("margin", g.marginNs())
              .with("slope", slopeOf(g));
      case LINEAR -> Sentence.of("grows by {slope} ns with each Service").with("slope", slopeOf(g));
      case GROWS ->
          Sentence.of(
                  """
                  grows by {slope} ns a Service on average, not along a line ({steps} ns from one
                  number of Services to the next)
                  """)
              .with("slope", slopeOf(g))
              .with(
                  "steps",
                  Sentence.of("{flattest} to {steepest}")
                      .with("flattest", g.slope().flattestNs())
                      .with("steepest", g.slope().steepestNs()));
      case CANNOT_TELL ->
          cannotTell(g)
              ? Sentence.of("cannot be judged{why} (as measured, {slope} ns a Service")
                  .with("why", ": ", g.doubt().map(d -> why(g, d)))
                  .with("slope", slopeOf(g))
              : Sentence.of("grows by {slope} ns a Service on average, perhaps along a line")
                  .with("slope", slopeOf(g));
    };
  }

  private static Sentence slopeOf(GrowthRow g) {
    return intervalOf(g.slope().ns(), g.slope().lowNs(), g.slope().highNs());
  }

  private static Sentence intervalOf(double value, double low, double high) {
    boolean known = Double.isFinite(low) && Double.isFinite(high);
    Sentence sentence = Sentence.of(known ? "{value} ({low} to {high})" : "{value}");
    sentence.with("value", value);
    return known ? sentence.with("low", low).with("high", high) : sentence;
  }

  private static Sentence why(GrowthRow g, Doubt doubt) {
    return switch (doubt) {
      case SHAPE -> Sentence.of("a line goes through its means, and so does another curve");
      case DISTURBED -> Sentence.of("other processes had CPU time beside too much of it");
      case SCATTER ->
          Sentence.of(
                  "what should be alike differs by {scatter} % of the cost (standard deviation)")
              .with("scatter", g.fit().scatterPct());
      case FEW_POINTS ->
          Sentence.of("it was measured with {points} numbers of Services, and takes {wanted}")
              .with("points", g.observed().pointsCount())
              .with("wanted", Growth.POINTS);
      case FEW_LOADS ->
          Sentence.of(
                  "it was measured too few times with each number of Services, and takes {wanted}")
              .with("wanted", Growth.LOADS);
      case CONTROL -> Sentence.of("the first Service, measured twice, differed from itself");
    };
  }

  /** {@code 1 to 10,000 Services}. */
  public static String range(GrowthRow g) {
    return rangeOf(g).text();
  }

  private static Sentence rangeOf(GrowthRow g) {
    return Sentence.of("{fewest} to {most} Services")
        .with("fewest", g.observed().fewestServicesCount())
        .with("most", g.observed().mostServicesCount());
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
