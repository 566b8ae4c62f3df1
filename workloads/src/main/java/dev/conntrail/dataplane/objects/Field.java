package dev.conntrail.dataplane.objects;

import dev.conntrail.dataplane.Cidr;
import dev.conntrail.dataplane.IpFamily;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A field of an object, by its path ({@code field.Path}, {@code apimachinery}), with what may stand
 * in it ({@code apimachinery/pkg/util/validation}).
 *
 * @param path such as {@code spec.ports[0].port}
 */
record Field(RawObject object, String path) {
  static final int LAST_PORT = 65_535;

  /** Words for a protocol; without one it is TCP. */
  static final List<String> PROTOCOLS = List.of("", "TCP", "UDP", "SCTP");

  private static final int LONGEST_LABEL = 63;
  private static final int LONGEST_SUBDOMAIN = 253;
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

  Field field(String name) {
    return new Field(object, path + "." + name);
  }

  Field item(int index) {
    return new Field(object, path + "[" + index + "]");
  }

  /** What to throw: this does not do. */
  ObjectsException refuse(Object found, String allowed) {
    return refuseAs(Found.text(found), allowed);
  }

  /** The same, with what was found in words. */
  ObjectsException refuseAs(String found, String allowed) {
    return ObjectsException.of(object.where() + ": " + Found.name(path), found, allowed);
  }

  /** Any of these words; nothing is one of them if it is in the list as empty text. */
  void oneOf(String found, List<String> allowed) {
    if (!allowed.contains(found == null ? "" : found)) {
      throw refuse(found, String.join(", ", allowed.stream().filter(a -> !a.isEmpty()).toList()));
    }
  }

  /** Text that must be there. */
  void present(String found) {
    if (found == null || found.isEmpty()) {
      throw refuse(found, "a name");
    }
  }

  /** A number that must be there. */
  void number(Integer found, int least, int most) {
    if (found == null || found < least || found > most) {
      throw refuse(found, least + " to " + most);
    }
  }

  /** {@code IsDNS1123Label}. */
  void label(String found) {
    if (found == null || found.length() > LONGEST_LABEL || !LABEL.matcher(found).matches()) {
      throw refuse(
          found, "1 to " + LONGEST_LABEL + " small letters, digits and -, with neither end a -");
    }
  }

  /** {@code IsDNS1123Subdomain}. */
  void subdomain(String found) {
    if (found == null
        || found.length() > LONGEST_SUBDOMAIN
        || !SUBDOMAIN.matcher(found).matches()) {
      throw refuse(
          found,
          "1 to " + LONGEST_SUBDOMAIN + " small letters, digits, - and ., with neither at an end");
    }
  }

  /** {@code IsValidIP}: an address literal. An IPv4 address in IPv6 form is none. */
  InetAddress address(String found) {
    return literal(found, "an IP address such as 10.96.0.10 or fd00::10");
  }

  /** The same, of one family. */
  InetAddress address(String found, IpFamily family) {
    String allowed =
        family == IpFamily.IPV4
            ? "an IPv4 address such as 10.244.1.2"
            : "an IPv6 address such as fd00::2";
    InetAddress address = literal(found, allowed);
    if (IpFamily.of(found) != family) {
      throw refuse(found, allowed);
    }
    return address;
  }

  private InetAddress literal(String found, String allowed) {
    InetAddress address = found == null ? null : Cidr.address(found).orElse(null);
    if (address == null || (address instanceof Inet4Address && found.indexOf(':') >= 0)) {
      throw refuse(found, allowed);
    }
    return address;
  }

  /** {@code ValidateEndpointIP}, {@code ValidateNonSpecialIP}: one that other nodes can reach. */
  void reachable(String found, InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isMCLinkLocal()) {
      throw refuse(found, "an address that is neither unspecified, loopback nor link-local");
    }
  }
}
