package dev.conntrail.dataplane;

import com.google.common.net.InetAddresses;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address prefix. Prints as Go's {@code net.IPNet} does: the masked address, a slash, the
 * length.
 *
 * @param address the network address
 * @param length of the prefix in bits
 */
public record Cidr(InetAddress address, int length) {
  /** Java would also take 10.244 for an address. */
  private static final Pattern LITERAL =
      Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private static final Pattern LENGTH = Pattern.compile("\\d{1,3}");

  public Cidr {
    int bits = address.getAddress().length * 8;
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException("prefix length " + length + " is not in 0.." + bits);
    }
    address = masked(address, length);
  }

  /** Reads {@code 10.244.0.0/16}; empty if it is no prefix. */
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !LENGTH.matcher(text.substring(slash + 1)).matches()) {
      return Optional.empty();
    }
    try {
      return address(text.substring(0, slash))
          .map(a -> new Cidr(a, Integer.parseInt(text.substring(slash + 1))));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Reads an address literal; never asks a name server. */
  public static Optional<InetAddress> address(String text) {
    try {
      return LITERAL.matcher(text).matches()
          ? Optional.of(InetAddress.ofLiteral(text))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** An address literal as Go prints it; what is none stays. */
  public static String printed(String text) {
    return address(text).map(InetAddresses::toAddrString).orElse(text);
  }

  /** Whether the address lies in the prefix. */
  public boolean contains(InetAddress other) {
    return other.getAddress().length == address.getAddress().length
        && masked(other, length).equals(address);
  }

  /** The family of the prefix. */
  public IpFamily family() {
    return address.getAddress().length == 4 ? IpFamily.IPV4 : IpFamily.IPV6;
  }

  @Override
  public String toString() {
    return InetAddresses.toAddrString(address) + "/" + length;
  }

  private static InetAddress masked(InetAddress a, int length) {
    byte[] bytes = a.getAddress();
    int host = bytes.length * 8 - length;
    BigInteger value = new BigInteger(1, bytes).shiftRight(host).shiftLeft(host);
    byte[] raw = value.toByteArray();
    byte[] out = new byte[bytes.length];
    int copy = Math.min(raw.length, out.length);
    System.arraycopy(raw, raw.length - copy, out, out.length - copy, copy);
    try {
      return InetAddress.getByAddress(out);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
