package dev.conntrail.spec;

/** The most that an experiment may ask for. */
public final class Limits {
  /**
   * Local ports that a client pod has for one address: the testbed widens the range to 1024-65535.
   */
  public static final int PORTS_PER_CLIENT = 64_000;

  /** Connections. */
  public static final int CONNECTIONS = 100_000;

  /**
   * Connections that one process has, a client's or one that serves pods: it may open 20,000 files,
   * and does not know how many connections chance leads to its pods.
   */
  public static final int CONNECTIONS_OF_PROCESS = 15_000;

  /** Pods. */
  public static final int PODS = 300;

  /** Client pods: each is a JVM. */
  public static final int CLIENTS = 16;

  /** Nodes. */
  public static final int NODES = 8;

  /** Requests a second. */
  public static final int RATE = 1_000_000;

  /** Steps of a rate. */
  public static final int STEPS = 100;

  /** Cells of a block: more take days. */
  public static final int CELLS = 10_000;

  private Limits() {}
}
