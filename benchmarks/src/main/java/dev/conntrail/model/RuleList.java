package dev.conntrail.model;

/**
 * The chain KUBE-SERVICES of kube-proxy's iptables mode as {@code ipt_do_table} walks it ({@code
 * net/ipv4/netfilter/ip_tables.c}, Linux 6.18): rules in file order, and of each the tests of
 * {@code ip_packet_match} until one fails. A rule that does not match costs the load of its header,
 * a masked compare of the destination, and a step to the next entry. The entries lie in one blob at
 * the stride of a ClusterIP rule with its comment (488 bytes), so that the caches see what the
 * kernel's see.
 */
public final class RuleList {
  /**
   * {@code ipt_entry} 112, comment match 288, tcp match 48, standard target 40: bytes from one rule
   * to the next.
   */
  public static final int STRIDE = 488;

  private static final int DESTINATION = 0;
  private static final int MASK = 4;
  private static final int PROTOCOL = 8;
  private static final int PORT = 12;
  private static final int NEXT = 16;

  private static final java.lang.invoke.VarHandle INT =
      java.lang.invoke.MethodHandles.byteArrayViewVarHandle(
          int[].class, java.nio.ByteOrder.nativeOrder());

  private final byte[] blob;
  private final int rules;

  /**
   * Builds the chain.
   *
   * @param destinations cluster IPs, one rule each, all TCP port 80
   */
  public RuleList(int[] destinations) {
    rules = destinations.length;
    blob = new byte[rules * STRIDE];
    for (int i = 0; i < rules; i++) {
      int at = i * STRIDE;
      INT.set(blob, at + DESTINATION, destinations[i]);
      INT.set(blob, at + MASK, -1);
      INT.set(blob, at + PROTOCOL, 6);
      INT.set(blob, at + PORT, 80);
      INT.set(blob, at + NEXT, STRIDE);
    }
  }

  /** The number of the first rule that a packet matches; -1 if there is none. */
  public int match(int destination, int protocol, int port) {
    int end = blob.length;
    for (int at = 0; at < end; at += (int) INT.get(blob, at + NEXT)) {
      if (((destination ^ (int) INT.get(blob, at + DESTINATION)) & (int) INT.get(blob, at + MASK))
              == 0
          && (int) INT.get(blob, at + PROTOCOL) == protocol
          && (int) INT.get(blob, at + PORT) == port) {
        return at / STRIDE;
      }
    }
    return -1;
  }

  /** How many rules there are. */
  public int size() {
    return rules;
  }
}
