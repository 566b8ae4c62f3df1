package dev.conntrail.testbed;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which namespaces a netns testbed has, their addresses, and the links between them as lines for
 * {@code ip -batch}. Pure: nothing is made here.
 *
 * @param nodes in order
 * @param pods spread over the nodes in turn
 * @param clients client pods, spread likewise
 * @param proxies that stand between the two, spread likewise
 * @param dns where a DNS server runs, on the first node; none or one
 * @param nowhere the namespace without links
 * @param outside the world outside the cluster, which also routes from node to node
 */
record NetnsLayout(
    List<Place> nodes,
    List<Place> pods,
    List<Place> clients,
    List<Place> proxies,
    List<Place> dns,
    Place nowhere,
    Place outside) {
  private static final String OUTSIDE_ADDRESS = "10.1.0.254";
  private static final String GATEWAY = "169.254.1.1";
  private static final int FIRST_NODE = ip(NetnsTestbed.FIRST_NODE_ADDRESS);
  private static final int FIRST_POD = ip("10.244.1.1");
  private static final int FIRST_CLIENT = ip("10.244.200.1");
  private static final int FIRST_PROXY = ip("10.244.220.1");
  private static final int FIRST_DNS = ip("10.244.230.1");

  /**
   * The layout of a testbed.
   *
   * @param run names the namespaces
   */
  static NetnsLayout of(String run, TestbedSize size) {
    List<Place> nodes =
        IntStream.rangeClosed(1, size.nodes())
            .mapToObj(i ->
                new Place(
                    "node-" + i,
                    Place.Role.NODE,
                    "node-" + i,
                    text(FIRST_NODE + i - 1),
                    run + "-node-" + i))
            .toList();
    return new NetnsLayout(
        nodes,
        places(run, "pod", Place.Role.POD, FIRST_POD, size.pods(), nodes),
        places(run, "client", Place.Role.CLIENT, FIRST_CLIENT, size.clients(), nodes),
        places(run, "proxy", Place.Role.PROXY, FIRST_PROXY, size.proxies(), nodes),
        places(run, "dns", Place.Role.DNS, FIRST_DNS, size.names() ? 1 : 0, nodes),
        new Place("void", Place.Role.VOID, "", "", run + "-void"),
        new Place("outside", Place.Role.OUTSIDE, "", OUTSIDE_ADDRESS, run + "-outside"));
  }

  /** Spread over the nodes in turn. */
  private static List<Place> places(
      String run, String kind, Place.Role role, int first, int n, List<Place> nodes) {
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

  /** All namespaces, in order of making. */
  List<Place> all() {
    return Stream.of(nodes.stream(), Stream.of(nowhere, outside), residents())
        .flatMap(s -> s)
        .toList();
  }

  /** Pods, clients, proxies and DNS server. */
  Stream<Place> residents() {
    return Stream.of(pods, clients, proxies, dns).flatMap(List::stream);
  }

  private Stream<Place> residents(Place node) {
    return residents().filter(p -> p.node().equals(node.name()));
  }

  /** In a node: its link to the world outside, and one to each pod and client on it. */
  Stream<String> nodeLinks(Place node) {
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

  /** In a node, once the world outside has its links: the way to all else. */
  Stream<String> nodeRoutes() {
    return Stream.of("route add default via " + OUTSIDE_ADDRESS);
  }

  /** In the world outside, once the nodes have their links. */
  Stream<String> outsideLinks() {
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

  /** In a pod or client, once its node has the link. */
  Stream<String> podLinks(Place p) {
    return Stream.of(
        "link set lo up",
        "link set eth0 up",
        "addr add " + p.address() + "/32 dev eth0",
        "route add " + GATEWAY + "/32 dev eth0",
        "route add default via " + GATEWAY);
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
}
