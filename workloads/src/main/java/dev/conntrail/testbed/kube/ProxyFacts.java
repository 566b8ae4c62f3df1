package dev.conntrail.testbed.kube;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.Named;
import dev.conntrail.testbed.Programs.Done;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What really programs the Services of a cluster: read back, never assumed.
 *
 * @param mode as kube-proxy's ConfigMap says; empty where it cannot be read
 * @param version of kube-proxy, the tag of its image; {@code unknown} where it cannot be read
 * @param nodes the names of the nodes
 * @param all everything that was found out, by name
 */
public record ProxyFacts(
    Optional<DataPlane> mode, String version, List<String> nodes, Map<String, String> all) {
  static final String SYSTEM = "kube-system";
  static final String NAME = "kube-proxy";
  private static final String IPVS = "/proc/net/ip_vs";
  private static final Pattern HEX_END = Pattern.compile("\\b([0-9A-F]{8}):([0-9A-F]{4})\\b");
  private static final Pattern MODE = Pattern.compile("(?m)^mode:\\s*\"?([a-z]*)\"?\\s*$");

  /** Asks the API. */
  public static ProxyFacts read(KubernetesClient client) {
    Map<String, String> all = new TreeMap<>();
    Optional<DataPlane> mode = Optional.empty();
    String version = "unknown";
    try {
      ConfigMap config = client.configMaps().inNamespace(SYSTEM).withName(NAME).get();
      mode =
          Optional.ofNullable(config)
              .flatMap(c -> modeOf(c.getData().getOrDefault("config.conf", "")));
      all.put("kube-proxy mode (ConfigMap)", mode.map(DataPlane::word).orElse("not found"));
      DaemonSet set = client.apps().daemonSets().inNamespace(SYSTEM).withName(NAME).get();
      if (set != null) {
        String image = set.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
        version = image.substring(image.lastIndexOf(':') + 1);
      }
      all.put("kube-proxy version", version);
    } catch (KubernetesClientException e) {
      all.put("kube-proxy mode (ConfigMap)", "could not be read: HTTP " + e.getCode());
    }
    List<Node> nodes = Api.call("list nodes", () -> client.nodes().list().getItems());
    all.put(
        "nodes",
        nodes.stream()
            .map(n ->
                n.getMetadata().getName()
                    + " ("
                    + n.getStatus().getNodeInfo().getKubeletVersion()
                    + ", kernel "
                    + n.getStatus().getNodeInfo().getKernelVersion()
                    + ", "
                    + n.getStatus().getNodeInfo().getContainerRuntimeVersion()
                    + ")")
            .collect(Collectors.joining(", ")));
    return new ProxyFacts(
        mode, version, nodes.stream().map(n -> n.getMetadata().getName()).sorted().toList(), all);
  }

  /**
   * The mode that a KubeProxyConfiguration names; an empty one is iptables on Linux ({@code
   * pkg/proxy/apis/config/types.go}).
   */
  static Optional<DataPlane> modeOf(String config) {
    Matcher m = MODE.matcher(config);
    if (!m.find()) {
      return Optional.empty();
    }
    return m.group(1).isEmpty()
        ? Optional.of(DataPlane.IPTABLES)
        : Named.find(DataPlane.class, m.group(1));
  }

  /**
   * The rules of a Service, as found on a node.
   *
   * @param backend of iptables; of no other mode
   * @param tool what they were seen with
   */
  public record Rules(
      DataPlane mode, Optional<IptablesBackend> backend, String tool, String text, long count) {
    /** Whether new connections may go to an address: ipvs keeps those that end at weight 0. */
    public boolean names(String address) {
      Pattern found =
          Pattern.compile(
              mode.ownTable()
                  ? "(?m)^ *-> " + Pattern.quote(address) + ":\\d+ +\\S+ +[1-9]"
                  : "(?<![\\d.])" + Pattern.quote(address) + "(?![\\d.])");
      return found.matcher(text).find();
    }

    private Rules seenWith(String what) {
      return new Rules(mode, backend, what, text, count);
    }
  }

  /**
   * Looks at a node for the rules of a Service, in whichever mode they are.
   *
   * @param service {@code namespace/name}
   * @return empty if no mode has rules for it there
   */
  public static Optional<Rules> rules(NodeLook look, String node, String service, String ip) {
    Found found = new Found(look, node, service, ip);
    return found
        .iptables(IptablesBackend.NFT)
        .or(() -> found.iptables(IptablesBackend.LEGACY))
        .or(found::nftables)
        .or(found::ipvs)
        .map(r -> withTool(look, node, r));
  }

  /** The same, with the version of the tool that they were seen with. */
  public static Rules withTool(NodeLook look, String node, Rules rules) {
    return rules.mode().ownTable() ? rules : rules.seenWith(version(look, node, rules.tool()));
  }

  /**
   * The same of one mode, with few looks.
   *
   * @return empty if it has no rules for it there
   */
  public static Optional<Rules> ofMode(
      NodeLook look, String node, String service, String ip, DataPlane mode) {
    Found found = new Found(look, node, service, ip);
    return switch (mode) {
      case IPTABLES ->
          found.iptables(IptablesBackend.NFT).or(() -> found.iptables(IptablesBackend.LEGACY));
      case NFTABLES -> found.nftables();
      case IPVS -> found.ipvs();
      case DIRECT -> Optional.empty();
    };
  }

  /** What is found on a node of a Service. */
  private record Found(NodeLook look, String node, String service, String ip) {
    Optional<Rules> iptables(IptablesBackend backend) {
      String program = "iptables-" + backend.word();
      Done saved = look.attempt(node, List.of(program + "-save", "-t", "nat"));
      List<String> lines = saved.out().lines().filter(l -> l.contains(service + ":")).toList();
      return saved.exitCode() == 0 && lines.stream().anyMatch(l -> l.contains("KUBE-SVC-"))
          ? Optional.of(
              new Rules(
                  DataPlane.IPTABLES,
                  Optional.of(backend),
                  program,
                  String.join("\n", lines) + "\n",
                  lines.size()))
          : Optional.empty();
    }

    Optional<Rules> nftables() {
      Done nft = look.attempt(node, List.of("nft", "list", "table", "ip", "kube-proxy"));
      if (nft.exitCode() != 0 || !nft.out().contains(service + "/")) {
        return Optional.empty();
      }
      String text = serviceOf(nft.out(), service, ip);
      return Optional.of(
          new Rules(DataPlane.NFTABLES, Optional.empty(), "nft", text, text.lines().count()));
    }

    Optional<Rules> ipvs() {
      Done ipvs = look.attempt(node, List.of("cat", IPVS));
      String servers = ipvs.exitCode() == 0 ? virtualServers(dotted(ipvs.out()), ip) : "";
      return servers.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Rules(DataPlane.IPVS, Optional.empty(), IPVS, servers, servers.lines().count()));
    }
  }

  private static String version(NodeLook look, String node, String program) {
    return look.attempt(node, List.of(program, "--version"))
        .out()
        .strip()
        .lines()
        .findFirst()
        .orElse("unknown");
  }

  /**
   * The chains and elements of a listing that name a Service, in front of its protocol, or its
   * address.
   */
  static String serviceOf(String listing, String service, String ip) {
    String name = service + "/";
    StringBuilder text = new StringBuilder();
    StringBuilder block = new StringBuilder();
    for (String line : listing.lines().toList()) {
      String s = line.strip();
      if (s.matches("(chain|map|set) .*\\{")) {
        block.setLength(0);
      }
      block.append(line).append('\n');
      if (s.equals("}") && !block.isEmpty()) {
        String b = block.toString();
        boolean own =
            b.lines().findFirst().orElse("").contains(name)
                || b.lines().findFirst().orElse("").contains(service.split("/")[1] + "/");
        if (own) {
          text.append(b);
        } else {
          b.lines()
              .filter(l -> l.contains(ip + " ") || l.contains(name))
              .forEach(l -> text.append(l).append('\n'));
        }
        block.setLength(0);
      }
    }
    return text.toString();
  }

  /**
   * The addresses of {@code /proc/net/ip_vs}, which are in hexadecimal, as people write them
   * ({@code net/netfilter/ipvs/ip_vs_ctl.c}, {@code ip_vs_info_seq_show}).
   */
  static String dotted(String listing) {
    return HEX_END
        .matcher(listing)
        .replaceAll(m -> {
          long address = Long.parseLong(m.group(1), 16);
          return (address >> 24)
              + "."
              + (address >> 16 & 255)
              + "."
              + (address >> 8 & 255)
              + "."
              + (address & 255)
              + ":"
              + Integer.parseInt(m.group(2), 16);
        });
  }

  /** The virtual servers of an address, with their real servers. */
  static String virtualServers(String listing, String ip) {
    StringBuilder text = new StringBuilder();
    boolean own = false;
    for (String line : listing.lines().toList()) {
      if (line.startsWith("TCP ") || line.startsWith("UDP ")) {
        own = line.contains(" " + ip + ":");
      }
      if (own) {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }
}
