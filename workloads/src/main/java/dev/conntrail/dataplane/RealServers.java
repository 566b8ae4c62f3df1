package dev.conntrail.dataplane;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Real servers of ipvs, as {@code ipvsadm -Ln} lists them. */
final class RealServers {
  private static final Pattern VIRTUAL = Pattern.compile("^(TCP|UDP|SCTP) +(\\S+) ");
  private static final Pattern REAL =
      Pattern.compile("^ +-> (\\S+) +(?:Masq|Route|Tunnel|Local) +\\d+ +(\\d+) +(\\d+)");

  private RealServers() {}

  /**
   * Those that have connections, of which the kernel counts closed ones too until it forgets them
   * ({@code ActiveConn + InactiveConn}): {@code server endpoint}, as {@link IpvsState} names them.
   */
  static Set<String> connected(String listing) {
    Set<String> connected = new LinkedHashSet<>();
    String server = "";
    for (String line : listing.lines().toList()) {
      Matcher virtual = VIRTUAL.matcher(line);
      Matcher real = REAL.matcher(line);
      if (virtual.find()) {
        server = IpvsState.option(virtual.group(1)) + virtual.group(2);
      } else if (real.find() && Long.parseLong(real.group(2)) + Long.parseLong(real.group(3)) > 0) {
        connected.add(server + " " + real.group(1));
      }
    }
    return connected;
  }
}
