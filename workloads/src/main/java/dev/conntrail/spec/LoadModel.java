package dev.conntrail.spec;

/** When requests are due. */
public sealed interface LoadModel extends Named {
  /** Each connection sends its next request as soon as it has the reply to the last. */
  record Closed() implements LoadModel {
    @Override
    public String word() {
      return "closed";
    }
  }

  /**
   * Requests are due at a fixed rate, whatever the replies do; latency counts from the due time, so
   * a stall shows in full (no coordinated omission; G. Tene, wrk2).
   *
   * @param requestsPerSecond over all connections of the cell
   */
  record Open(int requestsPerSecond) implements LoadModel {
    @Override
    public String word() {
      return Integer.toString(requestsPerSecond);
    }
  }

  /** {@code closed}, or the rate in requests a second. */
  @Override
  String word();

  /**
   * What {@link #word()} wrote.
   *
   * @throws IllegalArgumentException if it is not that
   */
  static LoadModel parse(String word) {
    if (word.equals("closed")) {
      return new Closed();
    }
    try {
      int rate = Integer.parseInt(word);
      if (rate >= 1) {
        return new Open(rate);
      }
    } catch (NumberFormatException _) {
      // refused below
    }
    throw new IllegalArgumentException(
        "found '" + word + "'; allowed: closed, or requests a second");
  }
}
