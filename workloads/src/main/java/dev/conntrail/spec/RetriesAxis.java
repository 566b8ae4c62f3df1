package dev.conntrail.spec;

import java.util.Optional;

/**
 * Whether libraries send requests again. Cells from before there was the axis had that off, so that
 * is no part of a key, and results list it as a setting where it is named.
 */
final class RetriesAxis extends CommonAxis.OfWords<Retries> {
  RetriesAxis() {
    super("retries", Part.CALLERS, Retries.OFF);
  }

  @Override
  public boolean setting() {
    return true;
  }

  @Override
  public boolean keyed(Cell cell) {
    return retried(cell);
  }

  /** Whether the library of a cell sends requests again. */
  static boolean retried(Cell cell) {
    return cell.get(Axes.RETRIES) == Retries.LIBRARY;
  }

  @Override
  public Optional<String> phrase(Cell cell) {
    return Optional.of("retried by the library").filter(_ -> retried(cell));
  }

  @Override
  public Optional<Refusal> refusal(Cell cell) {
    return TrafficRefusals.retries(cell);
  }
}
