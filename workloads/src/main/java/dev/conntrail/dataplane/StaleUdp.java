package dev.conntrail.dataplane;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Entries of conntrack that lead from a UDP port of a Service to who is no endpoint of it, which
 * kube-proxy deletes after each sync ({@code CleanStaleEntries}, {@code
 * pkg/proxy/conntrack/cleanup.go}, 1.34 and 1.37): a client that goes on sending from one port
 * would keep them alive for ever.
 */
final class StaleUdp {
  private static final Pattern ENTRY =
      Pattern.compile(
          "udp .*?src=\\S+ dst=(?<to>\\S+) sport=\\d+ dport=(?<port>\\d+) .*?src=(?<from>\\S+) .*");

  /** Endpoints that serve, ready or not, whatever traffic policies say: by address and port. */
  private final Map<String, Set<String>> byAddress = new HashMap<>();

  private final Map<Integer, Set<String>> byNodePort = new HashMap<>();

  /** Of these Services; one without endpoints that serve asks for nothing. */
  StaleUdp(List<ServicePort> services) {
    services.stream().filter(s -> s.protocol().equals("UDP")).forEach(this::add);
  }

  private void add(ServicePort s) {
    Set<String> serving =
        s.endpoints().stream()
            .filter(Endpoint::serving)
            .map(Endpoint::ip)
            .collect(Collectors.toSet());
    if (serving.isEmpty()) {
      return;
    }
    Stream.of(Stream.of(s.clusterIp()), s.loadBalancerVips().stream(), s.externalIps().stream())
        .flatMap(ips -> ips)
        .forEach(ip -> byAddress.put(Endpoint.text(ip, s.port()), serving));
    if (s.nodePort() != 0) {
      byNodePort.put(s.nodePort(), serving);
    }
  }

  /** Whether there is nothing for which the table would have to be asked. */
  boolean none() {
    return byAddress.isEmpty();
  }

  /**
   * What is to be deleted.
   *
   * @param listing as {@code conntrack -L -p udp} prints it
   * @return commands, each once
   */
  List<List<String>> deletions(String listing) {
    Set<String> all = new TreeSet<>();
    for (Matcher m : listing.lines().map(ENTRY::matcher).filter(Matcher::matches).toList()) {
      int port = Integer.parseInt(m.group("port"));
      String to = m.group("to");
      String from = m.group("from");
      if (!byAddress.getOrDefault(Endpoint.text(to, port), Set.of(from)).contains(from)) {
        all.add("-d " + to + " --orig-port-dst " + port + " -r " + from);
      }
      if (!byNodePort.getOrDefault(port, Set.of(from)).contains(from)) {
        all.add("--orig-port-dst " + port + " -r " + from);
      }
    }
    return all.stream().map(a -> List.of(("conntrack -D -p udp " + a).split(" "))).toList();
  }
}
