package dev.conntrail.cli;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where load goes to.
 *
 * @param said as it was named
 * @param address IP address and port
 */
record TargetAddress(String said, String address) {
  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9_.-]+):(\\d{1,5})");

  /**
   * Looks a name up, once; of its addresses the first of IPv4 is taken, which every client can use,
   * else the first. Empty where it is neither an address nor a name that is known.
   */
  static Optional<TargetAddress> of(String said) {
    Matcher name = NAME.matcher(said);
    if (!name.matches() || name.group(1).matches("[0-9.]+")) {
      return said.matches("[0-9a-fA-F.:\\[\\]]+:\\d{1,5}")
          ? Optional.of(new TargetAddress(said, said))
          : Optional.empty();
    }
    try {
      return Arrays.stream(InetAddress.getAllByName(name.group(1)))
          .min(Comparator.comparing((InetAddress a) -> !(a instanceof Inet4Address)))
          .map(a -> new TargetAddress(said, literal(a) + ":" + name.group(2)));
    } catch (UnknownHostException _) {
      return Optional.empty();
    }
  }

  /** As it stands before a port. */
  static String literal(InetAddress address) {
    return address instanceof Inet4Address
        ? address.getHostAddress()
        : "[" + address.getHostAddress() + "]";
  }

  /** Whether it was named by a name. */
  boolean named() {
    return !said.equals(address);
  }
}
