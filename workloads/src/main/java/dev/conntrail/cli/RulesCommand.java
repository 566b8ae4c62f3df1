package dev.conntrail.cli;

import dev.conntrail.dataplane.Cidr;
import dev.conntrail.dataplane.IpFamily;
import dev.conntrail.dataplane.IptablesRules;
import dev.conntrail.dataplane.IpvsRules;
import dev.conntrail.dataplane.NftablesRules;
import dev.conntrail.dataplane.ProxyConfig;
import dev.conntrail.dataplane.ServicePort;
import dev.conntrail.dataplane.objects.KubeObjects;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.Named;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints the rules that kube-proxy would load. */
@Command(
    name = "rules",
    mixinStandardHelpOptions = true,
    description = {
      "Print the rules that kube-proxy programs on a node for the given Services and"
          + " EndpointSlices.",
      "iptables: input for iptables-restore --noflush, then for ip6tables-restore --noflush.",
      "nftables: input for nft -f.",
      "ipvs: of IPv4, then of IPv6: sysctls and addresses as comments, then input for ipset"
          + " restore, iptables-restore or ip6tables-restore, and ipvsadm -R.",
      "In iptables and ipvs a comment before each input names its program."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kubectl get services,endpointslices -A -o yaml > objects.yaml",
      "  conntrail rules --objects objects.yaml --data-plane nftables \\",
      "    --node worker-1 --cluster-cidr 10.244.0.0/16"
    })
final class RulesCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  @Spec private CommandSpec spec;

  @Option(
      names = "--objects",
      required = true,
      paramLabel = "FILE",
      description = "Services and EndpointSlices, YAML or JSON; - for standard input.")
  private String objects;

  @Option(
      names = "--data-plane",
      required = true,
      paramLabel = "WORD",
      description = "iptables, nftables or ipvs.")
  private String dataPlane;

  @Option(
      names = "--kube-proxy",
      defaultValue = "1.37",
      paramLabel = "WORD",
      description =
          "The version: 1.34 or 1.37 (default: ${DEFAULT-VALUE}). iptables and ipvs are written"
              + " alike by both.")
  private String kubeProxy;

  @Option(
      names = "--node",
      defaultValue = "",
      paramLabel = "NAME",
      description = "The node: decides which endpoints are local.")
  private String node;

  @Option(
      names = "--zone",
      defaultValue = "",
      paramLabel = "NAME",
      description = "The node's zone, for topology hints.")
  private String zone;

  @Option(
      names = "--node-ip",
      paramLabel = "IP",
      description =
          "The node's addresses, primary first: where NodePorts listen in nftables mode (without it:"
              + " every local address).")
  private List<String> nodeIps = List.of();

  @Option(
      names = "--cluster-cidr",
      paramLabel = "CIDRS",
      hideParamSyntax = true,
      split = ",",
      description =
          "The pod network, or one of each family joined by a comma; traffic to Services from"
              + " elsewhere is masqueraded.")
  private List<String> clusterCidrs = List.of();

  @Option(
      names = "--service-cidr",
      paramLabel = "CIDRS",
      hideParamSyntax = true,
      defaultValue = "10.96.0.0/16",
      split = ",",
      description =
          "ServiceCIDRs of the cluster, joined by commas, used by nftables mode (default: ${DEFAULT-VALUE}, as kind has"
              + " it).")
  private List<String> serviceCidrs;

  @Option(names = "--masquerade-all", description = "As kube-proxy's flag.")
  private boolean masqueradeAll;

  @Option(
      names = "--nfacct",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Rules with kube-proxy's nfacct counters (default). They load only where the counters are:"
              + " nfacct add ct_state_invalid_dropped_pkts; nfacct add localhost_nps_accepted_pkts"
              + " (IPv4)."
              + " kube-proxy itself leaves them out where it cannot make them: --no-nfacct.")
  private boolean nfacct;

  @Option(
      names = "--ipvs-scheduler",
      defaultValue = "rr",
      paramLabel = "WORD",
      description = "ipvs: as kube-proxy's flag (default: ${DEFAULT-VALUE}).")
  private String scheduler;

  @Option(
      names = "--ip-family",
      defaultValue = "both",
      paramLabel = "WORD",
      description = "ipv4, ipv6 or both, as kube-proxy does (default: ${DEFAULT-VALUE}).")
  private String ipFamily;

  @Override
  public Integer call() {
    KubeObjects read = KubeObjects.parse(name(), bytes());
    String text = families().stream().map(f -> text(read, config(f))).collect(Collectors.joining());
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
    return ExitCode.OK;
  }

  /** The rules of one family. */
  private String text(KubeObjects read, ProxyConfig config) {
    List<ServicePort> services =
        read.servicePorts(config.family(), config.node(), config.version());
    return switch (mode()) {
      case IPTABLES -> IptablesRules.commented(services, config);
      case NFTABLES -> NftablesRules.text(services, config);
      case IPVS -> IpvsRules.of(services, config, ipvsScheduler()).text();
      case DIRECT -> throw noMode();
    };
  }

  private DataPlane mode() {
    return Named.find(DataPlane.class, dataPlane).orElseThrow(this::noMode);
  }

  private ParameterException noMode() {
    return refuse("--data-plane", dataPlane, "iptables, nftables, ipvs");
  }

  private ProxyConfig config(IpFamily family) {
    return new ProxyConfig(
        version(),
        family,
        node,
        zone,
        nodeIps.stream().map(this::nodeIp).toList(),
        clusterCidrs.stream().map(c -> cidr("--cluster-cidr", c)).toList(),
        serviceCidrs.stream().map(c -> cidr("--service-cidr", c)).toList(),
        masqueradeAll,
        nfacct);
  }

  private KubeProxy version() {
    return Named.find(KubeProxy.class, kubeProxy)
        .orElseThrow(() ->
            refuse("--kube-proxy", kubeProxy, String.join(", ", Named.words(KubeProxy.class))));
  }

  private String ipvsScheduler() {
    return Named.find(IpvsScheduler.class, scheduler)
        .map(Named::word)
        .orElseThrow(() ->
            refuse(
                "--ipvs-scheduler",
                scheduler,
                String.join(", ", Named.words(IpvsScheduler.class))));
  }

  private ParameterException refuse(String option, String found, String allowed) {
    return Refusals.of(spec, option, found, allowed);
  }

  private List<IpFamily> families() {
    return switch (ipFamily) {
      case "ipv4" -> List.of(IpFamily.IPV4);
      case "ipv6" -> List.of(IpFamily.IPV6);
      case "both" -> List.of(IpFamily.values());
      default -> throw refuse("--ip-family", ipFamily, "ipv4, ipv6, both");
    };
  }

  /** What messages call the objects' file. */
  private String name() {
    return objects.equals(STANDARD_INPUT) ? "standard input" : objects;
  }

  private byte[] bytes() {
    try {
      return objects.equals(STANDARD_INPUT)
          ? System.in.readAllBytes()
          : Files.readAllBytes(Path.of(objects));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          objects + ": no such file; allowed: " + KubeObjects.ALLOWED, e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          name() + ": cannot be read (" + e.getMessage() + "); allowed: " + KubeObjects.ALLOWED, e);
    }
  }

  private Cidr cidr(String option, String text) {
    return Cidr.parse(text)
        .orElseThrow(() -> refuse(option, text, "a prefix such as 10.244.0.0/16"));
  }

  private String nodeIp(String text) {
    return Cidr.address(text)
        .map(_ -> text)
        .orElseThrow(() -> refuse("--node-ip", text, "an IP address"));
  }
}
