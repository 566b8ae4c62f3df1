package dev.conntrail.analysis.theory;

/** How programs spread the ages at which they end connections, around the maximum that is set. */
public enum JitterLaw {
  /** All at the age that is set. */
  NONE("none") {
    @Override
    public AgeSpread spread(double amount) {
      return new AgeSpread(1, 1);
    }
  },
  /**
   * A tenth either way, whatever is set: grpc-java's {@code maxConnectionAge} ({@code
   * NettyServer}).
   */
  GRPC("grpc") {
    @Override
    public AgeSpread spread(double amount) {
      return new AgeSpread(1 - GRPC_AMOUNT, 1 + GRPC_AMOUNT);
    }
  },
  /** Later by at most the amount: Envoy's {@code max_connection_duration_jitter}. */
  ENVOY("envoy") {
    @Override
    public AgeSpread spread(double amount) {
      return new AgeSpread(1, 1 + amount);
    }
  },
  /** Sooner by at most the amount: Reactor Netty's {@code maxLifeTimeVariance}. */
  REACTOR("reactor") {
    @Override
    public AgeSpread spread(double amount) {
      return new AgeSpread(1 - amount, 1);
    }
  };

  /** What grpc-java takes. */
  public static final double GRPC_AMOUNT = 0.1;

  private final String word;

  JitterLaw(String word) {
    this.word = word;
  }

  /** For people and files. */
  public String word() {
    return word;
  }

  /**
   * Where ages lie.
   *
   * @param amount of the jitter, as a share of the age, from 0 to below 1; gRPC has its own
   */
  public abstract AgeSpread spread(double amount);
}
