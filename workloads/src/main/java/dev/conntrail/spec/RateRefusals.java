package dev.conntrail.spec;

import java.util.Optional;

/** Why requests cannot be due as a cell has it. */
final class RateRefusals {
  /** Standard deviations that chance hardly ever exceeds. */
  private static final double UNLIKELY = 5;

  private RateRefusals() {}

  /** Each short-lived connection takes a local port. */
  static Optional<Refusal> rate(Cell cell) {
    if (cell.protocol().longLived()) {
      return Optional.empty();
    }
    Phases phases = cell.course().phases();
    return switch (cell.load()) {
      case LoadModel.Closed() ->
          refusal(
              "found 'closed' with protocol short-lived",
              "a rate in requests a second, for a closed loop would run out of local ports");
      case LoadModel.Open rate -> {
        long opened = opened(cell, rate);
        long ports = (long) Limits.PORTS_PER_CLIENT * cell.clients();
        yield opened > ports
            ? refusal(
                "found "
                    + rate.word()
                    + " a second for "
                    + phases.sending().toSeconds()
                    + " s, which opens "
                    + (cell.arrivals() == Arrivals.POISSON ? "up to " : "")
                    + opened
                    + " connections",
                "at most "
                    + ports
                    + " (the local ports of "
                    + cell.clients()
                    + " clients): lower the rate, shorten measure, or raise clients")
            : Optional.empty();
      }
    };
  }

  /** How many short-lived connections; where they come by chance, as many as it may bring. */
  private static long opened(Cell cell, LoadModel.Open rate) {
    double mean = rate.requests(cell.course().phases());
    return (long) (cell.arrivals() == Arrivals.POISSON ? mean + UNLIKELY * Math.sqrt(mean) : mean);
  }

  static Optional<Refusal> arrivals(Cell cell) {
    return cell.arrivals() != Arrivals.REGULAR && cell.load() instanceof LoadModel.Closed
        ? refusal(
            "found '" + cell.arrivals().word() + "' with a closed loop",
            "the key only beside a rate, for in a closed loop replies say when the next request is due")
        : Optional.empty();
  }

  private static Optional<Refusal> refusal(String found, String allowed) {
    return Optional.of(new Refusal(found, allowed));
  }
}
