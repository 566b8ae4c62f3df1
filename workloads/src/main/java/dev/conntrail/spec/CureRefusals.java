package dev.conntrail.spec;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why what is done against imbalance cannot be. */
final class CureRefusals {
  /** Of a pod's first second, and until a client looks at what it said. */
  private static final Duration FIRST_REPORT = Duration.ofSeconds(2);

  private CureRefusals() {}

  static Optional<Refusal> cure(Cell cell) {
    return policy(cell)
        .or(() -> blackout(cell))
        .or(() -> balancers(cell))
        .or(() -> ofService(cell))
        .or(() -> zones(cell))
        .or(() -> pool(cell))
        .or(() -> perClient(cell))
        .or(() -> recycling(cell));
  }

  /** What pods say counts only after some time, which a connection and a cell have to reach. */
  private static Optional<Refusal> blackout(Cell cell) {
    Optional<Duration> blackout =
        cell.cure()
            .balanced()
            .filter(b -> b.policy() == Policy.WEIGHTED_ROUND_ROBIN)
            .map(b -> b.time(Knob.BLACKOUT).plus(FIRST_REPORT));
    Duration heeded =
        Stream.concat(
                Stream.of(cell.course().phases().length()),
                cell.cure().recycling().flatMap(Recycling::maxAge).stream())
            .min(Comparator.naturalOrder())
            .orElseThrow();
    return blackout
        .filter(needed -> needed.compareTo(heeded) > 0)
        .map(needed ->
            new Refusal(
                "found '"
                    + cell.cure()
                    + "' where connections live for "
                    + DurationText.of(heeded)
                    + " at most, and weights count after "
                    + DurationText.of(needed),
                "a shorter blackout (as blackout=1s), or longer phases and ages"));
  }

  private static Optional<Refusal> balancers(Cell cell) {
    Cure cure = cell.cure();
    return cure.balanced().isPresent() && cure.proxied().isPresent()
        ? refusal(
            "found '" + cure.balanced().get() + "' and '" + cure.proxied().get() + "'",
            "one of the two, for a client goes to pods or to a proxy")
        : Optional.empty();
  }

  private static Optional<Refusal> ofService(Cell cell) {
    Cure cure = cell.cure();
    return cure.ofService() && !(cell.route() instanceof Route.Service)
        ? refusal(
            "found '" + cure + "' with data plane " + cell.dataPlane().word(),
            cure.affinity().map(Object::toString).orElse(Cure.SAME_ZONE)
                + " where clients go to pods by a Service's rules: no direct, no client or proxy that"
                + " balances")
        : Optional.empty();
  }

  /** Each node is a zone of its own. */
  private static Optional<Refusal> zones(Cell cell) {
    return cell.cure().sameZone() && cell.nodes() == 1
        ? refusal(
            "found '" + cell.cure() + "' on one node",
            Cure.SAME_ZONE + " with nodes: 2 or more, each of which is a zone")
        : Optional.empty();
  }

  private static Optional<Refusal> pool(Cell cell) {
    return cell.proxies() > 1 && !cell.dataPlane().service()
        ? refusal(
            "found '" + cell.cure().proxied().orElseThrow() + "' with data plane direct",
            "several proxies only behind a Service, which shares connections out to them")
        : Optional.empty();
  }

  private static Optional<Refusal> perClient(Cell cell) {
    boolean many = cell.shared() && cell.protocol().multiplexes();
    return cell.cure().perClient() > 0 && !many
        ? refusal(
            "found connections-per-client with "
                + cell.protocol().word()
                + " and pooling "
                + cell.pooling().word(),
            "it with http2, grpc, grpc-stream and pooling shared")
        : Optional.empty();
  }

  private static Optional<Refusal> recycling(Cell cell) {
    Protocol protocol = cell.protocol();
    Optional<Recycling> recycling = cell.cure().recycling();
    if (recycling.isPresent() && !protocol.longLived()) {
      return refusal(
          "found '" + recycling.get() + "' with protocol " + protocol.word(),
          "it with long-lived connections");
    }
    Optional<Refusal> proxy =
        recycling.filter(CureRefusals::byProxy).flatMap(r -> byEnvoy(cell, r));
    if (proxy.isPresent()) {
      return proxy;
    }
    return protocol.grpc()
        ? recycling.filter(r -> !byGrpc(r)).map(CureRefusals::notGrpc)
        : Optional.empty();
  }

  private static boolean byProxy(Recycling r) {
    return r.by() == Recycling.Side.PROXY || r.by() == Recycling.Side.PROXY_TO_PODS;
  }

  /** Envoy has limits of connections, with its own jitter, and lets go on what has begun. */
  private static Optional<Refusal> byEnvoy(Cell cell, Recycling r) {
    boolean envoy =
        cell.cure().proxied().filter(p -> p.policy().program() == ProxyProgram.ENVOY).isPresent();
    boolean jitter = r.jitter() == Jitter.NONE || r.jitter() == Jitter.ENVOY;
    return envoy && jitter && !cell.protocol().streams()
        ? Optional.empty()
        : refusal(
            "found '" + cell.cure() + "' with protocol " + cell.protocol().word(),
            "by="
                + r.by().word()
                + " with one of Envoy's policies, with no jitter or jitter=envoy, and"
                + " with http1, http2, grpc: what lasts, as WebSocket and streams, it lets go on");
  }

  /** grpc-java's server has a maximum age alone, with its own jitter, of a second or more. */
  private static boolean byGrpc(Recycling r) {
    return r.by() != Recycling.Side.SERVER
        || (r.maxRequests().isEmpty()
            && r.jitter() == Jitter.GRPC
            && r.maxAge().filter(age -> age.compareTo(Duration.ofSeconds(1)) >= 0).isPresent());
  }

  private static Refusal notGrpc(Recycling found) {
    return new Refusal(
        "found '" + found + "' with gRPC, whose server has a maximum age with its own jitter alone",
        "max-age=1s or longer, with jitter=grpc and by=server; or by=client");
  }

  private static Optional<Refusal> policy(Cell cell) {
    Protocol protocol = cell.protocol();
    return cell.cure()
        .balanced()
        .map(Route.Balanced::policy)
        .filter(policy -> !policy.protocols().contains(protocol))
        .map(policy ->
            new Refusal(
                "found '" + policy.word() + "' with protocol " + protocol.word(),
                policy.word()
                    + " with "
                    + policy.protocols().stream()
                        .map(Protocol::word)
                        .collect(Collectors.joining(", "))));
  }

  private static Optional<Refusal> refusal(String found, String allowed) {
    return Optional.of(new Refusal(found, allowed));
  }
}
