package dev.conntrail.model.ipvs;

/** A real server ({@code struct ip_vs_dest}): an endpoint with its weight and its connections. */
public final class RealServer {
  final int address;
  final int port;
  int weight;
  int active;
  int inactive;

  /** {@code IP_VS_DEST_F_AVAILABLE}: it belongs to its virtual server. */
  boolean available = true;

  /** {@code IP_VS_DEST_F_OVERLOAD}: an upper threshold was passed; kube-proxy sets none. */
  boolean overloaded;

  /**
   * An idle real server; address in host order.
   *
   * @param weight kube-proxy's is 1, and 0 while it drains
   */
  public RealServer(int address, int port, int weight) {
    this.address = address;
    this.port = port;
    this.weight = weight;
  }

  /** Host order. */
  public int address() {
    return address;
  }

  /** Its port. */
  public int port() {
    return port;
  }

  /** Connections that are established or about to be ({@code activeconns}). */
  public int active() {
    return active;
  }

  /** Counts a connection as active, or no longer. */
  public void active(int change) {
    active += change;
  }

  /** Counts a connection as inactive, or no longer. */
  public void inactive(int change) {
    inactive += change;
  }

  /** Sets or clears the overload flag. */
  public void overloaded(boolean is) {
    overloaded = is;
  }

  boolean usable() {
    return !overloaded && weight > 0;
  }
}
