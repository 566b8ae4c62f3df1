package dev.conntrail.site;

import dev.conntrail.report.block.Numbers;
import dev.conntrail.spec.Named;

/** A figure of a cell that is followed over runs; what failed is told before times. */
enum Measure implements Named {
  FAILED("failed", "Requests failed or unanswered, a repetition"),
  RESPONSE_P50("response-p50", "Response time, median"),
  RESPONSE_P99("response-p99", "Response time, 99th percentile"),
  CONNECT_P50("connect-p50", "Connect, median"),
  CONNECT_P99("connect-p99", "Connect, 99th percentile"),
  BUSIEST("busiest", "Requests of the busiest pod over the mean");

  private static final double NS_PER_MS = 1e6;
  private static final double NS_PER_US = 1e3;

  private final String word;
  private final String title;

  Measure(String word, String title) {
    this.word = word;
    this.title = title;
  }

  @Override
  public String word() {
    return word;
  }

  /** As a person would say it. */
  String title() {
    return title;
  }

  /** That of a cell in a run; not a number if it is not known. */
  double of(CellFigures cell) {
    return (switch (this) {
          case RESPONSE_P50 -> cell.responseP50Ns();
          case RESPONSE_P99 -> cell.responseP99Ns();
          case CONNECT_P50 -> cell.connectP50Ns();
          case CONNECT_P99 -> cell.connectP99Ns();
          case BUSIEST -> cell.busiestOverMean();
          case FAILED -> cell.failedPerRepetition();
        })
        .orElse(Double.NaN);
  }

  private boolean time() {
    return this != BUSIEST && this != FAILED;
  }

  /** As people read it. */
  String text(double value) {
    return time() ? Numbers.time(value) : Numbers.number(value);
  }

  /** As charts show it, in the unit of their axis. */
  double shown(double value) {
    return switch (this) {
      case RESPONSE_P50, RESPONSE_P99 -> value / NS_PER_MS;
      case CONNECT_P50, CONNECT_P99 -> value / NS_PER_US;
      case BUSIEST, FAILED -> value;
    };
  }

  /** What the axis of charts is called. */
  String axis() {
    return switch (this) {
      case BUSIEST -> "busiest pod / mean";
      case FAILED -> "requests a repetition";
      case RESPONSE_P50, RESPONSE_P99 -> "ms";
      case CONNECT_P50, CONNECT_P99 -> "µs";
    };
  }

  /** Whether charts have a logarithmic axis: it has no 0. */
  boolean logarithmic() {
    return time();
  }
}
