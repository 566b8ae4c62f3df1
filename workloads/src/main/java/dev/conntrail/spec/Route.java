package dev.conntrail.spec;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The way from a client to the pods. What the rules of a Service do is the {@link DataPlane}. */
public sealed interface Route {
  /** To the Service, whose rules choose a pod for each connection. */
  record Service() implements Route {}

  /** To the pods' own addresses; callers take them in turn, each one for life. */
  record Straight() implements Route {}

  /**
   * To the pods' own addresses, picked by the client itself.
   *
   * @param policy how it picks
   * @param learning how it knows which there are
   * @param ttlS time to live of a name's addresses, and how long whoever asked keeps them, seconds;
   *     0 where no name is asked for
   */
  record Balanced(Policy policy, Learning learning, int ttlS) implements Route {
    private static final String LEARNING = "learning";
    private static final String TTL = "ttl";

    /** That of CoreDNS as kubeadm and kind configure it, and grpc-java's own. */
    private static final int USUAL_TTL_S = 30;

    private static final int MOST_TTL_S = 3600;

    /** One that asks for no name. */
    public Balanced(Policy policy, Learning learning) {
      this(policy, learning, learning == Learning.DNS ? USUAL_TTL_S : 0);
    }

    /**
     * That of some words, {@code learning=watch} and the usual time to live of which may be left
     * out; empty if they are none.
     */
    static Optional<Balanced> find(Map<String, String> words) {
      Optional<Policy> policy =
          words.entrySet().stream()
              .filter(e -> e.getValue().isEmpty())
              .findFirst()
              .flatMap(e -> Named.find(Policy.class, e.getKey()));
      Optional<Learning> learning =
          Named.find(Learning.class, words.getOrDefault(LEARNING, Learning.WATCH.word()));
      long known = 1 + Stream.of(LEARNING, TTL).filter(words::containsKey).count();
      return policy
          .filter(_ -> words.size() == known)
          .flatMap(p -> learning.flatMap(l -> find(p, l, Optional.ofNullable(words.get(TTL)))));
    }

    private static Optional<Balanced> find(Policy policy, Learning learning, Optional<String> ttl) {
      return ttl.isEmpty()
          ? Optional.of(new Balanced(policy, learning))
          : ttl.flatMap(DurationText::parse)
              .filter(_ -> learning == Learning.DNS)
              .filter(d -> d.equals(Duration.ofSeconds(d.toSeconds())))
              .filter(d -> d.toSeconds() <= MOST_TTL_S)
              .map(d -> new Balanced(policy, learning, (int) d.toSeconds()));
    }

    static String allowed() {
      return String.join(", ", Named.words(Policy.class))
          + " (with learning="
          + String.join(" or ", Named.words(Learning.class))
          + ", dns with ttl=30s)";
    }

    @Override
    public String toString() {
      String ttl = equals(new Balanced(policy, learning)) ? "" : "," + TTL + "=" + ttlS + "s";
      return learning == Learning.WATCH
          ? policy.word()
          : policy.word() + "," + LEARNING + "=" + learning.word() + ttl;
    }
  }

  /**
   * To a proxy, behind the Service where there is one; it asks a pod for each request, and whoever
   * keeps a connection for himself (WebSocket, a stream of gRPC) keeps his pod.
   *
   * @param policy how it chooses, and so which it is
   * @param pool how many there are, of which the Service's rules choose one for each connection; 0
   *     for one beside each client, in its namespace, which nobody else uses
   */
  record Proxied(ProxyPolicy policy, int pool) implements Route {
    /** Proxies behind a Service, at most. */
    private static final int MOST = 16;

    private static final String PROXIES = "proxies";
    private static final String SIDECARS = "sidecars";

    /** That of some words, {@code proxies=1} of which may be left out; empty if they are none. */
    static Optional<Proxied> find(Map<String, String> words) {
      Optional<ProxyPolicy> policy =
          words.entrySet().stream()
              .filter(e -> e.getValue().isEmpty())
              .findFirst()
              .flatMap(e -> Named.find(ProxyPolicy.class, e.getKey()));
      String pool = words.getOrDefault(PROXIES, "1");
      int known = words.containsKey(PROXIES) ? 2 : 1;
      return policy
          .filter(_ -> words.size() == known)
          .map(p -> new Proxied(p, pool.equals(SIDECARS) ? 0 : Scalars.integer(pool, 1, MOST)));
    }

    static String allowed() {
      return String.join(", ", Named.words(ProxyPolicy.class))
          + " (with "
          + PROXIES
          + "=3 behind the Service, or "
          + PROXIES
          + "="
          + SIDECARS
          + ", one beside each client)";
    }

    /** Whether there is one beside each client. */
    public boolean sidecars() {
      return pool == 0;
    }

    /** What it takes. */
    Change change() {
      String name = policy.program().title();
      return new Change(
          Change.Who.CLUSTER,
          switch (pool) {
            case 0 -> name + " beside each client";
            case 1 -> name + " before the pods";
            default -> pool + " of " + name + " before the pods, behind a Service of their own";
          });
    }

    @Override
    public String toString() {
      return pool == 1
          ? policy.word()
          : policy.word() + "," + PROXIES + "=" + (sidecars() ? SIDECARS : pool);
    }
  }

  /** Whether clients connect to the pods' own addresses. */
  default boolean direct() {
    return switch (this) {
      case Service _, Proxied _ -> false;
      case Straight _, Balanced _ -> true;
    };
  }

  /** Whether clients are told of each change of the endpoints. */
  default boolean watches() {
    return this instanceof Balanced b && b.learning() == Learning.WATCH;
  }

  /** Whether clients ask for the name of the Service, and so learn of its endpoints. */
  default boolean named() {
    return this instanceof Balanced b && b.learning() == Learning.DNS;
  }

  /**
   * Whether each connection that a client makes leads to one pod: then an answer from another one
   * is a fault.
   */
  default boolean pins() {
    return switch (this) {
      case Service _, Straight _, Balanced _ -> true;
      case Proxied _ -> false;
    };
  }
}
