package dev.conntrail.model.iptables;

/**
 * A match of a rule ({@code -m}), with what kube-proxy asks of it. The order of matches in a rule
 * is the order in which the kernel calls them.
 */
public sealed interface Match {
  /** {@code xt_comment}: always true. */
  record Comment(String text) implements Match {}

  /**
   * {@code xt_tcpudp} or {@code xt_sctp}: one destination port, or any.
   *
   * @param protocol IP protocol number
   * @param port destination port; -1 for any
   */
  record Port(int protocol, int port) implements Match {}

  /**
   * {@code xt_statistic}, mode random.
   *
   * @param probability of 2^31
   */
  record Random(int probability) implements Match {}

  /**
   * {@code xt_statistic}, mode nth: every so many packets. kube-proxy does not write it.
   *
   * @param every how many packets to one match
   * @param packet which of them, from 0
   */
  record Nth(int every, int packet) implements Match {}

  /** {@code xt_mark}. */
  record Mark(int value, int mask, boolean inverted) implements Match {}

  /**
   * {@code xt_recent}.
   *
   * @param list name of the list
   * @param set whether it records the source ({@code --set}) or asks for it ({@code --rcheck})
   * @param seconds how recent; 0 for ever
   * @param reap whether it forgets what is older
   */
  record Recent(String list, boolean set, int seconds, boolean reap) implements Match {}

  /**
   * {@code xt_conntrack}, {@code --ctstate}.
   *
   * @param states bits of {@link dev.conntrail.model.Packet#state}; {@link #DNAT} with them
   */
  record State(int states, boolean inverted) implements Match {
    /** {@code XT_CONNTRACK_STATE_DNAT}. */
    public static final int DNAT = 1 << 7;
  }

  /** {@code xt_addrtype}, type LOCAL, of the source or of the destination. */
  record Local(boolean ofSource) implements Match {}

  /** {@code xt_nfacct}: counts, always true. */
  record Count(String name) implements Match {}
}
