package dev.conntrail.model.iptables;

import java.util.List;

/**
 * A rule.
 *
 * @param header what {@code ip_packet_match} tests
 * @param matches called in this order once the header fits
 * @param target what then happens
 */
public record Rule(Header header, List<Match> matches, Target target) {
  /**
   * {@code struct ipt_ip}: tests that need no call. Addresses in host order.
   *
   * @param source address and mask; 0 and 0 for any
   * @param destination likewise
   * @param inInterface {@code -i}; empty for any
   * @param protocol IP protocol number; 0 for any
   * @param notSource whether the source test is inverted
   * @param notDestination whether the destination test is inverted
   * @param notInInterface whether the interface test is inverted
   */
  public record Header(
      Net source,
      Net destination,
      String inInterface,
      int protocol,
      boolean notSource,
      boolean notDestination,
      boolean notInInterface) {}

  /** An address with the bits of it that count. */
  public record Net(int address, int mask) {
    /** Any address. */
    public static final Net ANY = new Net(0, 0);
  }
}
