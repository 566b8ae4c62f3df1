package dev.conntrail.spec;

/** By how much the ages differ that connections reach: three laws that are in use, and none. */
public enum Jitter implements Named {
  /** Each reaches the same. */
  NONE("none"),
  /** From 0.9 to 1.1 times the age ({@code NettyServer} of grpc-java; gRFC A9). */
  GRPC("grpc"),
  /**
   * From the age to so much more ({@code max_connection_duration_jitter} of Envoy's {@code
   * HttpProtocolOptions}).
   */
  ENVOY("envoy"),
  /** From so much less to the age ({@code maxLifeTimeVariance} of Reactor Pool). */
  REACTOR("reactor");

  private static final double OF_GRPC = 0.1;

  private final String word;

  Jitter(String word) {
    this.word = word;
  }

  /**
   * What an age is multiplied with.
   *
   * @param u drawn evenly from 0 to 1
   * @param amount so much more or less, as a share of the age; gRPC has its own
   */
  public double factor(double u, double amount) {
    return switch (this) {
      case NONE -> 1;
      case GRPC -> 1 - OF_GRPC + 2 * OF_GRPC * u;
      case ENVOY -> 1 + amount * u;
      case REACTOR -> 1 - amount * u;
    };
  }

  @Override
  public String word() {
    return word;
  }
}
