package dev.conntrail.report.finding;

import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.Departure;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.PodChoice;
import java.util.Optional;

/** A verdict in words. */
public final class VerdictText {
  private VerdictText() {}

  /** As a badge has it: what was found, or what could have been. */
  public static String of(VerdictRow v) {
    return switch (v.verdict()) {
      case NOT_CHANCE -> "not chance" + v.departure().map(d -> ": " + departure(d)).orElse("");
      case CONSISTENT ->
          "consistent with chance, and would have found one pod at "
              + number(v.power().foundSharePct())
              + " % (fair: "
              + number(100.0 / v.podsCount())
              + " %)";
      case TOO_FEW -> "too few connections to tell";
      case BY_DESIGN ->
          "by design: "
              + law(v.choice())
              + (v.departure().equals(Optional.of(Departure.LAW_BROKEN))
                  ? "; this law was broken"
                  : "");
      case DESCRIPTIVE -> "not judged";
    };
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

  private static String departure(Departure d) {
    return switch (d) {
      case TOO_UNEVEN -> "too uneven";
      case TOO_EVEN -> "too even";
      case LAW_BROKEN -> "law broken";
    };
  }

  /** How pods are chosen, in words. */
  public static String law(PodChoice choice) {
    return switch (choice) {
      case DRAW -> "each connection draws its pod";
      case CLIENT_IN_TURN -> "each client takes pods in turn";
      case NODE_IN_TURN -> "each node takes pods in turn";
      case LEAST_CONNECTIONS -> "each node takes the pod with fewest connections";
      case LEAST_ACTIVE -> "each node takes the pod with fewest established connections";
      case CLIENT_HASH -> "a hash gives each client one pod";
      case SERVICE_HASH -> "a hash gives the Service one pod";
    };
  }
}
