package dev.conntrail.state;

import dev.conntrail.model.Draws;
import dev.conntrail.model.Packet;
import dev.conntrail.model.hash.JenkinsHash;

/**
 * Connections that need no memory of their own: the number of a connection gives its client, port
 * and Service, so that packets of a million connections can be drawn at random and only the table
 * is in the caches.
 */
public final class KnownConnections {
  private static final int CLIENT_NETWORK = 0x0AF00000;
  private static final int CLIENT_BITS = 16;
  private static final int FIRST_PORT = 1024;

  private final int[] destinations;
  private final int count;
  private final Draws draws;
  private final Packet packet = new Packet();

  /**
   * Connections 0 to {@code count - 1}.
   *
   * @param destinations ClusterIPs of the Services, all at port 80
   */
  public KnownConnections(int[] destinations, int count, long seed) {
    this.destinations = destinations.clone();
    this.count = count;
    this.draws = new Draws(seed);
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** A packet of a connection, from its client; always the same object. */
  public Packet packet(int connection) {
    int mixed = connection * 0x9E3779B9;
    return packet.of(
        CLIENT_NETWORK | (mixed & (1 << CLIENT_BITS) - 1),
        FIRST_PORT + (connection >>> CLIENT_BITS),
        destinations[JenkinsHash.scale(mixed * 0x85EBCA6B, destinations.length)],
        80,
        Packet.TCP);
  }

  /** A packet of any of them. */
  public Packet next() {
    return packet(JenkinsHash.scale(draws.next(), count));
  }

  /** A packet of a connection that is none of them. */
  public Packet unknown() {
    return packet(count + JenkinsHash.scale(draws.next(), count));
  }
}
