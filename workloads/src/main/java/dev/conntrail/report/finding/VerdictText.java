package dev.conntrail.report.finding;

import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Departure;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.PodChoice;
import java.util.Comparator;

/** A verdict in words. */
public final class VerdictText {
  private static final double PCT = 100;

  /** What decided comes first; what was not tested comes last. */
  private static final Comparator<VerdictRow.Test> BY_P =
      Comparator.comparingDouble(VerdictRow.Test::pAdjusted)
          .thenComparingDouble(VerdictRow.Test::p);

  private VerdictText() {}

  /** As a badge has it: what was found, or what could have been. */
  public static String of(VerdictRow v) {
    return switch (v.verdict()) {
      case NOT_CHANCE -> "not chance" + v.departure().map(d -> ": " + departure(d)).orElse("");
      case CONSISTENT -> consistent(v);
      case TOO_FEW -> "too few connections to tell";
      case BY_DESIGN ->
          "by design: " + law(v.choice()) + (v.alarm() ? "; this law was broken" : "");
      case DESCRIPTIVE -> "not judged";
    };
  }

  private static String consistent(VerdictRow v) {
    if (v.choice() == PodChoice.ZONE_DRAW) {
      return Sentence.of(
              """
              consistent with chance within each zone, and would have found one pod at {times} times its fair share there
              """)
          .with("times", foundTimesFair(v))
          .text();
    }
    return Sentence.of(
            """
            consistent with chance, and would have found one pod at {share} % (fair: {fair} %)
            """)
        .with("share", v.power().foundSharePct())
        .with("fair", PCT / v.podsCount())
        .text();
  }

  /** In two or three words, for a matrix. */
  public static String brief(VerdictRow v) {
    return switch (v.verdict()) {
      case NOT_CHANCE -> "not chance";
      case CONSISTENT -> "chance";
      case TOO_FEW -> "too few to tell";
      case BY_DESIGN -> v.alarm() ? "law broken" : "by design";
      case DESCRIPTIVE -> "not judged";
    };
  }

  /** How it is to be taken. */
  public static Tone tone(VerdictRow v) {
    return switch (v.verdict()) {
      case NOT_CHANCE -> Tone.BAD;
      case CONSISTENT -> Tone.GOOD;
      case TOO_FEW -> Tone.UNKNOWN;
      case BY_DESIGN -> v.alarm() ? Tone.BAD : Tone.PLAIN;
      case DESCRIPTIVE -> Tone.PLAIN;
    };
  }

  /** In which way counts are not as they should be. */
  private static String departure(Departure d) {
    return switch (d) {
      case TOO_UNEVEN -> "too uneven";
      case TOO_EVEN -> "too even";
      case LAW_BROKEN -> "law broken";
    };
  }

  /** A cell that is not chance, with the form of the test that decided: its way, and its p. */
  static Sentence departed(CellResults cell, VerdictRow v) {
    return Sentence.of("{cell} ({how})").with("cell", cell).with("how", departed(v));
  }

  /** The same without the cell: {@code too uneven, p = 0.0004}. */
  static Sentence departed(VerdictRow v) {
    return Sentence.of("{departure}{where}, {p}")
        .with("departure", departure(v.departure().orElse(Departure.TOO_UNEVEN)))
        .with("where", byRepetition(v) ? " repetition by repetition" : "")
        .withTest("p", decisive(v).pAdjusted());
  }

  /** The form of the test that decided. */
  static VerdictRow.Test decisive(VerdictRow v) {
    return byRepetition(v) ? v.stratified() : v.pooled();
  }

  private static boolean byRepetition(VerdictRow v) {
    return BY_P.compare(v.stratified(), v.pooled()) < 0;
  }

  /** How pods are chosen, in words. */
  public static String law(PodChoice choice) {
    return switch (choice) {
      case DRAW -> "each connection draws its pod";
      case ZONE_DRAW -> "each connection draws a pod of its client's zone";
      case CLIENT_IN_TURN -> "each client takes pods in turn";
      case NODE_IN_TURN -> "each node takes pods in turn";
      case LEAST_CONNECTIONS -> "each node takes the pod with fewest connections";
      case LEAST_ACTIVE -> "each node takes the pod with fewest established connections";
      case CLIENT_HASH -> "a hash gives each client one pod";
      case SERVICE_HASH -> "a hash gives the Service one pod";
      case CLIENT_PINNED -> "the Service keeps each client on one pod";
      case CLIENT_FIRST -> "each client takes the first pod it knows";
      case CLIENT_BALANCED -> "each client picks by its own policy";
      case PROXY -> "a proxy picks by its own policy";
    };
  }

  /** The smallest share of one pod that would have been found, over its fair share. */
  static double foundTimesFair(VerdictRow v) {
    return v.power().foundSharePct() / PCT * v.podsCount();
  }
}
