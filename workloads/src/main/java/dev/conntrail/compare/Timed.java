package dev.conntrail.compare;

import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.Named;
import java.util.Arrays;
import java.util.List;

/** A time that is compared: a percentile of a repetition, nanoseconds. */
public enum Timed implements Named {
  /** Median of response times. */
  RESPONSE_P50("response-p50", true),
  /** Median of what connecting took. */
  CONNECT_P50("connect-p50", true),
  /** The 99th percentile of response times; not compared where it is only a lower bound. */
  RESPONSE_P99("response-p99", false),
  /** The 99th percentile of what connecting took. */
  CONNECT_P99("connect-p99", false);

  private static final double P99 = 99;

  private final String word;
  private final boolean primary;

  Timed(String word, boolean primary) {
    this.word = word;
    this.primary = primary;
  }

  /** Those that get a verdict, declared before anything is looked at. */
  public static List<Timed> primaries() {
    return Arrays.stream(values()).filter(Timed::primary).toList();
  }

  /** Whether it gets a verdict; the others are shown with their interval alone. */
  public boolean primary() {
    return primary;
  }

  /** That of a repetition, nanoseconds; not a number where it is not known. */
  public double ns(SummaryRow repetition) {
    return switch (this) {
      case RESPONSE_P50 -> repetition.response().exactP50Ns();
      case CONNECT_P50 -> repetition.connect().p50Ns();
      case RESPONSE_P99 ->
          repetition.response().atLeast(P99) ? Double.NaN : repetition.response().p99Ns();
      case CONNECT_P99 -> repetition.connect().p99Ns();
    };
  }

  @Override
  public String word() {
    return word;
  }
}
