package dev.conntrail.load.client;

import java.net.InetSocketAddress;

/**
 * Where to go next. A protocol's client asks for each request where it can, else for each
 * connection.
 */
@FunctionalInterface
public interface Pick {
  /**
   * Picks.
   *
   * @throws IllegalStateException if no address is known
   */
  Picked next();

  /** An address that was picked; closed when what it was picked for has ended. */
  interface Picked extends AutoCloseable {
    /** The address. */
    InetSocketAddress address();

    @Override
    void close();
  }

  /** Always the same. */
  static Pick only(InetSocketAddress address) {
    Picked picked =
        new Picked() {
          @Override
          public InetSocketAddress address() {
            return address;
          }

          @Override
          public void close() {
            // nobody counts
          }
        };
    return () -> picked;
  }
}
