package dev.conntrail.model;

/**
 * A data plane: what its rules do with the first packet of a connection. Not for several threads at
 * once, like the state that the kernel keeps for each CPU, unless an implementation says otherwise.
 */
public interface Router {
  /** No rule translates it: it goes where it was addressed. */
  int PASSED = 0;

  /** It goes to {@link Packet#endpoint}. */
  int TRANSLATED = 1;

  /** It is thrown away. */
  int DROPPED = 2;

  /** It is thrown away and the sender is told (ICMP port unreachable). */
  int REJECTED = 3;

  /** Takes a packet through the rules; one of the four words above. */
  int route(Packet packet);
}
