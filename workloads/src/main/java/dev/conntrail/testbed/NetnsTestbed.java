package dev.conntrail.testbed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Network namespaces as a cluster: a namespace for each node, which routes and holds rules of its
 * own, a namespace behind a veth for each pod, client pod and proxy, and one for the world outside,
 * which also routes from node to node. Routed, one /32 a pod, as CNIs with routed veths do it: no
 * bridge, so hairpin traffic works. A client's first packet takes PREROUTING of its node, as a
 * pod's does in a cluster. All is named after the run.
 */
public final class NetnsTestbed implements LocalTestbed {
  /** The pod network. */
  public static final String POD_CIDR = "10.244.0.0/16";

  /** Where Services get their addresses. */
  public static final String SERVICE_CIDR = "10.96.0.0/16";

  /** The first node's own address; the others' follow. */
  public static final String FIRST_NODE_ADDRESS = "10.1.0.1";

  /**
   * The table that keeps connection tracking on while kube-proxy's rules come and go, as other
   * rules do on a real node.
   */
  public static final String ANCHOR_TABLE = "conntrail-anchor";

  private static final int IP_PROCESSES = 4;

  /**
   * Of the node's own namespace; the last two keep closed connections in the table until the
   * cross-check has read it.
   */
  private static final Map<String, String> NODE_SYSCTLS =
      Map.of(
          "net/ipv4/ip_forward", "1",
          "net/ipv4/icmp_ratelimit", "0",
          "net/netfilter/nf_conntrack_tcp_timeout_established", "86400",
          "net/netfilter/nf_conntrack_tcp_timeout_close_wait", "3600",
          "net/netfilter/nf_conntrack_tcp_timeout_time_wait", "3600",
          "net/netfilter/nf_conntrack_tcp_timeout_close", "3600");

  /** The world outside routes between nodes. */
  private static final Map<String, String> OUTSIDE_SYSCTLS = Map.of("net/ipv4/ip_forward", "1");

  private static final Map<String, String> CLIENT_SYSCTLS =
      Map.of("net/ipv4/ip_local_port_range", "1024 65535");

  private static final String ANCHOR =
      "table ip "
          + ANCHOR_TABLE
          + " {\n"
          + "  chain forward { type filter hook forward priority -300; ct state invalid counter; }\n"
          + "  chain nat { type nat hook prerouting priority -90; }\n}\n";

  private static final String SILENCE_TABLE = "power-off";

  /** Drops what comes to a pod and what it sends; ARP goes on, for it is no packet of IPv4. */
  private static final String SILENCE =
      "table ip "
          + SILENCE_TABLE
          + " {\n"
          + "  chain in { type filter hook input priority -400; policy drop; }\n"
          + "  chain out { type filter hook output priority -400; policy drop; }\n}\n";

  private static final List<String> LEGACY_CHAINS = List.of("INPUT", "OUTPUT");

  /** The same where the kernel has no nf_tables for IPv4; its nat hooks stay once registered. */
  private static final List<String> LEGACY_ANCHOR =
      List.of(
          "iptables-legacy",
          "-t",
          "raw",
          "-A",
          "PREROUTING",
          "-m",
          "conntrack",
          "--ctstate",
          "INVALID");

  /**
   * Runs a program for which one DNS server is there and no other: files of a mount namespace of
   * its own lie over the machine's, which stay as they are.
   */
  private static final String ASKING =
      """
      files=$(mktemp -d) || exit
      echo "nameserver $1" >"$files/resolv.conf" &&
        echo "hosts: files dns" >"$files/nsswitch.conf" &&
        mount --bind "$files/resolv.conf" /etc/resolv.conf &&
        mount --bind "$files/nsswitch.conf" /etc/nsswitch.conf || exit
      rm -r "$files"
      shift
      exec "$@"
      """;

  private final String run;
  private final NetnsLayout layout;
  private final boolean sidecars;

  private NetnsTestbed(String run, NetnsLayout layout, boolean sidecars) {
    this.run = run;
    this.layout = layout;
    this.sidecars = sidecars;
  }

  /**
   * Makes the namespaces.
   *
   * @param run names everything; see {@link TestbedRegistry#newRun}
   * @param lasting whether it stays when this process ends
   */
  public static NetnsTestbed up(String run, TestbedSize size, boolean lasting) {
    NetnsLayout layout = NetnsLayout.of(run, size);
    List<String> names = layout.all().stream().map(Place::netns).toList();
    for (String name : names) {
      if (Files.exists(Path.of("/run/netns", name))) {
        throw new TestbedException(
            "the namespace "
                + name
                + " is already there; `testbed down` removes what Conntrail made");
      }
    }
    TestbedRegistry.Entry registered = TestbedRegistry.register(run, size, lasting, names);
    NetnsTestbed testbed = new NetnsTestbed(run, layout, size.sidecars());
    try {
      testbed.build();
      TestbedRegistry.confirm(registered);
      return testbed;
    } catch (RuntimeException e) {
      TestbedRegistry.remove(run);
      throw e;
    }
  }

  private void build() {
    Place outside = layout.outside();
    ip(List.of(), layout.all().stream().map(p -> "netns add " + p.netns()));
    List<Callable<Void>> links = new ArrayList<>();
    links.add(() -> ip(List.of("-n", layout.nowhere().netns()), Stream.of("link set lo up")));
    nodes().forEach(n -> links.add(() -> ip(List.of("-n", n.netns()), layout.nodeLinks(n))));
    inParallel(links);
    ip(List.of("-n", outside.netns()), layout.outsideLinks());
    sysctl(outside, OUTSIDE_SYSCTLS);
    List<Callable<Void>> nodeWork = new ArrayList<>();
    nodes().forEach(n -> nodeWork.add(() -> settle(n)));
    inParallel(nodeWork);
    List<Callable<Void>> podWork = new ArrayList<>();
    layout
        .residents()
        .forEach(p -> podWork.add(() -> ip(List.of("-n", p.netns()), layout.podLinks(p))));
    clients().forEach(c -> podWork.add(() -> sysctl(c, CLIENT_SYSCTLS)));
    inParallel(podWork);
  }

  /** What a node needs once its links are there. */
  private Void settle(Place node) {
    ip(List.of("-n", node.netns()), layout.nodeRoutes());
    if (attempt(node, List.of("nft", "-f", "-"), ANCHOR, Programs.SHORT).exitCode() != 0) {
      run(node, LEGACY_ANCHOR, "", Programs.SHORT);
    }
    return sysctl(node, NODE_SYSCTLS);
  }

  private static Void ip(List<String> options, Stream<String> batch) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(options);
    command.addAll(List.of("-batch", "-"));
    Programs.run(command, String.join("\n", batch.toList()) + "\n", Programs.LONG);
    return null;
  }

  private Void sysctl(Place place, Map<String, String> values) {
    String script =
        values.entrySet().stream()
            .map(e -> "echo " + e.getValue() + " > /proc/sys/" + e.getKey())
            .reduce((a, b) -> a + " && " + b)
            .orElse(":");
    run(place, List.of("sh", "-c", script), "", Programs.SHORT);
    return null;
  }

  private static void inParallel(List<Callable<Void>> work) {
    try (ExecutorService executor = Executors.newFixedThreadPool(IP_PROCESSES)) {
      for (Future<Void> done : executor.invokeAll(work)) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof TestbedException t
          ? t
          : new TestbedException("cannot make the namespaces", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while making the namespaces", e);
    }
  }

  @Override
  public List<Place> pods() {
    return layout.pods();
  }

  @Override
  public List<Place> clients() {
    return layout.clients();
  }

  @Override
  public List<Place> proxies() {
    return Stream.concat(
            layout.proxies().stream(),
            sidecars ? clients().stream().map(Place::sidecar) : Stream.empty())
        .toList();
  }

  @Override
  public List<Place> dns() {
    return layout.dns();
  }

  @Override
  public List<Place> nodes() {
    return layout.nodes();
  }

  @Override
  public boolean hasTables() {
    return true;
  }

  @Override
  public void silence(Place pod) {
    if (attempt(pod, List.of("nft", "-f", "-"), SILENCE, Programs.SHORT).exitCode() != 0) {
      LEGACY_CHAINS.forEach(chain -> legacy(pod, "-A", chain));
    }
  }

  @Override
  public void unsilence(Place pod) {
    List<String> table = List.of("nft", "delete", "table", "ip", SILENCE_TABLE);
    if (attempt(pod, table, "", Programs.SHORT).exitCode() != 0) {
      LEGACY_CHAINS.forEach(chain -> legacy(pod, "-D", chain));
    }
  }

  private void legacy(Place pod, String what, String chain) {
    run(pod, List.of("iptables-legacy", what, chain, "-j", "DROP"), "", Programs.SHORT);
  }

  @Override
  public Place echoPlace() {
    return layout.nowhere();
  }

  /** A client asks the DNS server of the testbed where there is one, and no other. */
  @Override
  public List<String> inside(Place place, List<String> command) {
    List<String> full = new ArrayList<>(List.of("nsenter", "--net=" + place.netnsFile(), "--"));
    if (place.role() == Place.Role.CLIENT) {
      dns()
          .forEach(server ->
              full.addAll(
                  List.of("unshare", "--mount", "--", "sh", "-c", ASKING, "sh", server.address())));
    }
    full.addAll(command);
    return full;
  }

  /** Sysctls that were set, for the record: those of the node, then those of a client. */
  public static Map<String, String> sysctls() {
    Map<String, String> all = new TreeMap<>(NODE_SYSCTLS);
    CLIENT_SYSCTLS.forEach((k, v) -> all.put("client: " + k, v));
    return all;
  }

  @Override
  public void close() {
    TestbedRegistry.remove(run);
  }
}
