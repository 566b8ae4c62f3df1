package dev.conntrail.state;

import dev.conntrail.model.Packet;
import dev.conntrail.model.Service;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The nat table that kube-proxy 1.34 writes for ClusterIP Services ({@code
 * pkg/proxy/iptables/proxier.go}, {@code syncProxyRules}), with the jump from PREROUTING that it
 * inserts beforehand. Services keep their order: kube-proxy's own is random at each full sync.
 */
public final class KubeProxyText {
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int HASH_LENGTH = 16;

  private static final String NODE_PORTS =
      "-A KUBE-SERVICES -m comment --comment \"kubernetes service nodeports; NOTE: this must be the"
          + " last rule in this chain\" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS";

  private KubeProxyText() {}

  /**
   * The table, line by line.
   *
   * @param clusterCidr pods' network, for the rule that masquerades what comes from outside; empty
   *     for none
   */
  public static Stream<String> nat(List<Service> services, String clusterCidr) {
    return Stream.of(
            Stream.of(
                "*nat",
                ":PREROUTING ACCEPT [0:0]",
                ":KUBE-SERVICES - [0:0]",
                ":KUBE-NODEPORTS - [0:0]",
                ":KUBE-MARK-MASQ - [0:0]",
                "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "-A KUBE-MARK-MASQ -j MARK --or-mark 0x00004000"),
            all(services, clusterCidr).filter(KubeProxyText::declares),
            all(services, clusterCidr).filter(l -> !declares(l)),
            Stream.of(NODE_PORTS, "COMMIT"))
        .flatMap(s -> s);
  }

  /** What a partial sync writes when the endpoints of one Service have changed. */
  public static Stream<String> partial(List<Service> services, int changed, String clusterCidr) {
    List<String> own = lines(name(changed), services.get(changed), clusterCidr).toList();
    return Stream.of(
            Stream.of("*nat", ":KUBE-SERVICES - [0:0]"),
            own.stream().filter(KubeProxyText::declares),
            IntStream.range(0, services.size())
                .boxed()
                .flatMap(i ->
                    i == changed
                        ? own.stream().filter(l -> !declares(l))
                        : Stream.of(entry(name(i), services.get(i)))),
            Stream.of(NODE_PORTS, "COMMIT"))
        .flatMap(s -> s);
  }

  private static Stream<String> all(List<Service> services, String clusterCidr) {
    return IntStream.range(0, services.size())
        .boxed()
        .flatMap(i -> lines(name(i), services.get(i), clusterCidr));
  }

  /** Chains are declared before the first rule, for a rule may jump to any of them. */
  private static boolean declares(String line) {
    return line.startsWith(":");
  }

  private static String name(int place) {
    return "default/svc-" + place + ":http";
  }

  private static String chain(String name, Service service) {
    return "KUBE-SVC-" + hash(name + word(service.protocol()));
  }

  private static String match(String name, Service service) {
    String protocol = word(service.protocol());
    return " -m comment --comment \""
        + name
        + " cluster IP\" -m "
        + protocol
        + " -p "
        + protocol
        + " -d "
        + dotted(service.address())
        + " --dport "
        + service.port();
  }

  private static String entry(String name, Service service) {
    return "-A KUBE-SERVICES" + match(name, service) + " -j " + chain(name, service);
  }

  /**
   * The lines of one Service ({@code writeServiceToEndpointRules}), chains declared where they
   * begin.
   *
   * @param name namespace, name and port, as comments have it
   */
  public static Stream<String> lines(String name, Service service, String clusterCidr) {
    if (service.endpoints().isEmpty()) {
      return Stream.empty();
    }
    String chain = chain(name, service);
    List<String> lines = new ArrayList<>();
    lines.add(":" + chain + " - [0:0]");
    lines.add(entry(name, service));
    if (!clusterCidr.isEmpty()) {
      lines.add(
          "-A " + chain + match(name, service) + " ! -s " + clusterCidr + " -j KUBE-MARK-MASQ");
    }
    List<End> ends = service.endpoints().stream().map(e -> End.of(name, service, e)).toList();
    if (service.affinitySeconds() > 0) {
      ends.forEach(end -> lines.add(remembered(chain, name, service, end)));
    }
    int n = ends.size();
    for (int i = 0; i < n; i++) {
      String draw =
          i == n - 1 ? "" : " -m statistic --mode random --probability " + probability(n - i);
      End end = ends.get(i);
      lines.add("-A " + chain + end.comment(name) + draw + " -j " + end.chain());
    }
    ends.forEach(end -> endpoint(lines, name, service, end));
    return lines.stream();
  }

  /** An endpoint's chain, its address, and both address and port. */
  private record End(String chain, String address, String both) {
    static End of(String name, Service service, Service.Endpoint endpoint) {
      String address = dotted(endpoint.address());
      String both = address + ":" + endpoint.port();
      return new End("KUBE-SEP-" + hash(name + word(service.protocol()) + both), address, both);
    }

    /** The comment of rules that lead to it. */
    String comment(String name) {
      return " -m comment --comment \"" + name + " -> " + both + "\"";
    }
  }

  /** The rule that sends a client where it was last. */
  private static String remembered(String chain, String name, Service service, End end) {
    return "-A "
        + chain
        + end.comment(name)
        + " -m recent --name "
        + end.chain()
        + " --rcheck --seconds "
        + service.affinitySeconds()
        + " --reap -j "
        + end.chain();
  }

  /** The chain of an endpoint. */
  private static void endpoint(List<String> lines, String name, Service service, End end) {
    String rule = "-A " + end.chain() + " -m comment --comment " + name;
    String protocol = word(service.protocol());
    String recent =
        service.affinitySeconds() > 0 ? " -m recent --name " + end.chain() + " --set" : "";
    lines.add(":" + end.chain() + " - [0:0]");
    lines.add(rule + " -s " + end.address() + " -j KUBE-MARK-MASQ");
    lines.add(
        rule
            + recent
            + " -m "
            + protocol
            + " -p "
            + protocol
            + " -j DNAT --to-destination "
            + end.both());
  }

  /** {@code computeProbability}: ten decimals of 1/n. */
  private static String probability(int n) {
    return String.format(Locale.ROOT, "%.10f", 1.0 / n);
  }

  private static String word(int protocol) {
    return switch (protocol) {
      case Packet.TCP -> "tcp";
      case Packet.UDP -> "udp";
      case Packet.SCTP -> "sctp";
      default -> throw new IllegalArgumentException("protocol " + protocol);
    };
  }

  /** First sixteen characters of the base 32 form of a SHA-256. */
  static String hash(String text) {
    byte[] digest;
    try {
      digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    StringBuilder made = new StringBuilder(HASH_LENGTH);
    for (int i = 0; i < HASH_LENGTH; i++) {
      int bit = 5 * i;
      int two = ((digest[bit / 8] & 0xff) << 8) | (digest[bit / 8 + 1] & 0xff);
      made.append(BASE32.charAt((two >>> (11 - bit % 8)) & 31));
    }
    return made.toString();
  }

  /** An address in dotted form. */
  static String dotted(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 255)
        + "."
        + (address >>> 8 & 255)
        + "."
        + (address & 255);
  }
}
