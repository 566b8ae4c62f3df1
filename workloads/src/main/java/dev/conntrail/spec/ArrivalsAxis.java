package dev.conntrail.spec;

import java.util.Optional;

/**
 * How requests that are due at a rate follow one another. Cells from before there was the axis had
 * them regularly, so that is no part of a key, and results list others as a setting.
 */
final class ArrivalsAxis extends CommonAxis.OfWords<Arrivals> {
  ArrivalsAxis() {
    super("arrivals", Part.CALLERS, Arrivals.REGULAR);
  }

  @Override
  public boolean setting() {
    return true;
  }

  @Override
  public boolean keyed(Cell cell) {
    return cell.arrivals() != Arrivals.REGULAR;
  }

  @Override
  public Optional<String> phrase(Cell cell) {
    return Optional.of("Poisson arrivals").filter(_ -> cell.arrivals() == Arrivals.POISSON);
  }

  @Override
  public Optional<Refusal> refusal(Cell cell) {
    return RateRefusals.arrivals(cell);
  }
}
