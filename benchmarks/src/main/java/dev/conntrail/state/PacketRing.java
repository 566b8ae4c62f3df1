package dev.conntrail.state;

import dev.conntrail.model.Packet;
import java.util.SplittableRandom;

/**
 * Packets drawn beforehand, met in turn, so that a benchmark pays for the lookup and not for the
 * draw. There are 2^16 of them in one array that is read from one end to the other: the hardware
 * fetches it ahead, and a branch predictor that learns a few thousand outcomes cannot learn it.
 */
public final class PacketRing {
  private static final int COUNT = 1 << 16;
  private static final int FIELDS = 4;
  private static final int FIRST_PORT = 1024;
  private static final int PORTS = 64_512;
  private static final int CLIENTS = 1 << 12;
  private static final int CLIENT_NETWORK = 0x0AF00000;

  private final int[] fields = new int[COUNT * FIELDS];
  private final Packet packet = new Packet();
  private int at;

  /**
   * Draws packets of new connections.
   *
   * @param destinations of which each packet has one; all with port 80
   */
  public PacketRing(int[] destinations, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < fields.length; i += FIELDS) {
      fields[i] = CLIENT_NETWORK + random.nextInt(CLIENTS);
      fields[i + 1] = FIRST_PORT + random.nextInt(PORTS);
      fields[i + 2] = destinations[random.nextInt(destinations.length)];
      fields[i + 3] = 80;
    }
  }

  /** Draws packets of known connections, each of four numbers as {@link Packet#of} has them. */
  public static PacketRing among(int[] connections, long seed) {
    PacketRing ring = new PacketRing(new int[1], seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < ring.fields.length; i += FIELDS) {
      System.arraycopy(
          connections,
          FIELDS * random.nextInt(connections.length / FIELDS),
          ring.fields,
          i,
          FIELDS);
    }
    return ring;
  }

  /** The next packet; always the same object. */
  public Packet next() {
    int i = at;
    at = (i + FIELDS) & (fields.length - 1);
    return packet.of(fields[i], fields[i + 1], fields[i + 2], fields[i + 3], Packet.TCP);
  }
}
