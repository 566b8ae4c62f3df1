package dev.conntrail.testbed;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Network namespaces as a cluster: a namespace for each node, which routes and holds rules of its
 * own, a namespace behind a veth for each pod and client pod, and one for the world outside, which
 * also routes from node to node. Routed, one /32 a pod, as CNIs with routed veths do it: no bridge,
 * so hairpin traffic works. A client's first packet takes PREROUTING of its node, as a pod's does
 * in a cluster. All is named after the run.
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

  private static final String OUTSIDE_ADDRESS = "10.1.0.254";
  private static final String GATEWAY = "169.254.1.1";
  private static final int FIRST_NODE = ip(FIRST_NODE_ADDRESS);
  private static final int FIRST_POD = ip("10.244.1.1");
  private static final int FIRST_CLIENT = ip("10.244.200.1");
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

  private final TestbedRegistry.Entry entry;
  private final List<Place> pods;
  private final List<Place> clients;
  private final List<Place> nodes;
  private final Place nowhere;
  private final Place outside;

  private NetnsTestbed(TestbedRegistry.Entry entry) {
    String run = entry.run();
    TestbedSize size = entry.size();
    this.entry = entry;
    this.nodes =
        IntStream.rangeClosed(1, size.nodes())
            .mapToObj(i ->
                new Place(
                    "node-" + i,
                    Place.Role.NODE,
                    "node-" + i,
                    text(FIRST_NODE + i - 1),
                    run + "-node-" + i))
            .toList();
    this.nowhere = new Place("void", Place.Role.VOID, "", "", run + "-void");
    this.outside = new Place("outside", Place.Role.OUTSIDE, "", OUTSIDE_ADDRESS, run + "-outside");
    this.pods = places(run, "pod", Place.Role.POD, FIRST_POD, size.pods());
    this.clients = places(run, "client", Place.Role.CLIENT, FIRST_CLIENT, size.clients());
  }

  /**
   * Makes the namespaces.
   *
   * @param run names everything; see {@link TestbedRegistry#newRun}
   * @param lasting whether it stays when this process ends
   */
  public static NetnsTestbed up(String run, TestbedSize size, boolean lasting) {
    TestbedRegistry.Entry planned = TestbedRegistry.planned(run, size, lasting);
    NetnsTestbed testbed = new NetnsTestbed(planned);
    List<String> names = testbed.all().map(Place::netns).toList();
    for (String name : names) {
      if (java.nio.file.Files.exists(java.nio.file.Path.of("/run/netns", name))) {
        throw new TestbedException(
            "the namespace "
                + name
                + " is already there; `testbed down` removes what Conntrail made");
      }
    }
    TestbedRegistry.Entry registered = TestbedRegistry.register(planned, names);
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
    ip(List.of(), all().map(p -> "netns add " + p.netns()));
    List<Callable<Void>> links = new ArrayList<>();
    links.add(() -> ip(List.of("-n", nowhere.netns()), Stream.of("link set lo up")));
    nodes.forEach(n -> links.add(() -> ip(List.of("-n", n.netns()), nodeLinks(n))));
    inParallel(links);
    ip(List.of("-n", outside.netns()), outsideLinks());
    sysctl(outside, OUTSIDE_SYSCTLS);
    List<Callable<Void>> nodeWork = new ArrayList<>();
    nodes.forEach(n -> nodeWork.add(() -> settle(n)));
    inParallel(nodeWork);
    List<Callable<Void>> podWork = new ArrayList<>();
    Stream.concat(pods.stream(), clients.stream())
        .forEach(p -> podWork.add(() -> ip(List.of("-n", p.netns()), podLinks(p))));
    clients.forEach(c -> podWork.add(() -> sysctl(c, CLIENT_SYSCTLS)));
    inParallel(podWork);
  }

  private Stream<String> nodeLinks(Place node) {
    Stream<String> own =
        Stream.of(
            "link set lo up",
            "link add uplink type veth peer name " + node.name() + " netns " + outside.netns(),
            "link set uplink up",
            "addr add " + node.address() + "/32 dev uplink",
            "route add " + OUTSIDE_ADDRESS + "/32 dev uplink");
    Stream<String> toPods =
        residents(node)
            .flatMap(p -> {
              String veth = "v" + p.name();
              return Stream.of(
                  "link add " + veth + " type veth peer name eth0 netns " + p.netns(),
                  "link set " + veth + " up",
                  "addr add " + GATEWAY + "/32 dev " + veth,
                  "route add " + p.address() + "/32 dev " + veth + " src " + node.address());
            });
    return Stream.concat(own, toPods);
  }

  private Stream<String> outsideLinks() {
    Stream<String> toNodes =
        nodes.stream()
            .flatMap(n ->
                Stream.of(
                    "link set " + n.name() + " up",
                    "addr add " + OUTSIDE_ADDRESS + "/32 dev " + n.name(),
                    "route add " + n.address() + "/32 dev " + n.name()));
    Stream<String> toPods =
        nodes.stream()
            .flatMap(
                n -> residents(n).map(p -> "route add " + p.address() + "/32 via " + n.address()));
    return Stream.of(
            Stream.of("link set lo up"),
            toNodes,
            toPods,
            Stream.of("route add default via " + nodes.getFirst().address()))
        .flatMap(s -> s);
  }

  /** What a node needs once its links are there. */
  private Void settle(Place node) {
    ip(List.of("-n", node.netns()), Stream.of("route add default via " + OUTSIDE_ADDRESS));
    if (attempt(node, List.of("nft", "-f", "-"), ANCHOR, Programs.SHORT).exitCode() != 0) {
      run(node, LEGACY_ANCHOR, "", Programs.SHORT);
    }
    return sysctl(node, NODE_SYSCTLS);
  }

  /** Pods and clients on a node. */
  private Stream<Place> residents(Place node) {
    return Stream.concat(pods.stream(), clients.stream()).filter(p -> p.node().equals(node.name()));
  }

  private static Stream<String> podLinks(Place p) {
    return Stream.of(
        "link set lo up",
        "link set eth0 up",
        "addr add " + p.address() + "/32 dev eth0",
        "route add " + GATEWAY + "/32 dev eth0",
        "route add default via " + GATEWAY);
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

  /** The namespaces of a testbed of this size, in order of making. */
  private Stream<Place> all() {
    return Stream.of(nodes.stream(), Stream.of(nowhere, outside), pods.stream(), clients.stream())
        .flatMap(s -> s);
  }

  /** Spread over the nodes in turn. */
  private List<Place> places(String run, String kind, Place.Role role, int first, int n) {
    return IntStream.range(0, n)
        .mapToObj(i ->
            new Place(
                kind + "-" + (i + 1),
                role,
                nodes.get(i % nodes.size()).name(),
                text(first + i),
                run + "-" + kind + "-" + (i + 1)))
        .toList();
  }

  private static int ip(String text) {
    return ByteBuffer.wrap(InetAddress.ofLiteral(text).getAddress()).getInt();
  }

  private static String text(int ip) {
    try {
      return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(ip).array()).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<Place> pods() {
    return pods;
  }

  @Override
  public List<Place> clients() {
    return clients;
  }

  @Override
  public List<Place> nodes() {
    return nodes;
  }

  @Override
  public Place echoPlace() {
    return nowhere;
  }

  @Override
  public List<String> inside(Place place, List<String> command) {
    List<String> full = new ArrayList<>(List.of("nsenter", "--net=" + place.netnsFile(), "--"));
    full.addAll(command);
    return full;
  }

  /** Sysctls that were set, for the record: those of the node, then those of a client. */
  public static Map<String, String> sysctls() {
    Map<String, String> all = new java.util.TreeMap<>(NODE_SYSCTLS);
    CLIENT_SYSCTLS.forEach((k, v) -> all.put("client: " + k, v));
    return all;
  }

  @Override
  public void close() {
    TestbedRegistry.remove(entry.run());
  }
}
