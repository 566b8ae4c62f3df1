package dev.conntrail.model.conntrack;

/**
 * {@code struct nf_conntrack_tuple} up to its protocol: 39 bytes, in five words as a little-endian
 * machine loads them. The second and the fourth are the rest of IPv6 addresses, and zero.
 */
final class Tuple {
  private static final int AF_INET = 2;

  private Tuple() {}

  /** Word 0: the source address. */
  static long first(int source) {
    return Integer.reverseBytes(source) & 0xffffffffL;
  }

  /** Word 2: source port, family, destination address. */
  static long third(int sourcePort, int destination) {
    return (Short.reverseBytes((short) sourcePort) & 0xffffL)
        | (long) AF_INET << 16
        | (long) Integer.reverseBytes(destination) << 32;
  }

  /** Word 4: destination port and protocol; its top byte is not hashed, and holds the direction. */
  static long last(int destinationPort, int protocol) {
    return (Short.reverseBytes((short) destinationPort) & 0xffffL) << 32 | (long) protocol << 48;
  }
}
