package dev.conntrail.model.iptables;

/** What a rule does once it has matched ({@code -j}, {@code -g}). */
public sealed interface Target {
  /** No target: the next rule. */
  record Continue() implements Target {}

  /** Another chain; without {@code returns} ({@code -g}) its end is the end of this chain too. */
  record Jump(String chain, boolean returns) implements Target {}

  /** {@code ACCEPT}, {@code DROP} or {@code RETURN}. */
  record Verdict(String word) implements Target {}

  /** {@code MARK}: {@code mark = (mark & ~mask) ^ value}. */
  record Mark(int value, int mask) implements Target {}

  /** {@code DNAT}. */
  record Dnat(int address, int port) implements Target {}

  /** {@code MASQUERADE}. */
  record Masquerade(boolean randomFully) implements Target {}

  /** {@code REJECT} with ICMP port unreachable. */
  record Reject() implements Target {}
}
