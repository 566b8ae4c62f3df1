package dev.conntrail.spec;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
   * @param knobs what is not as usual of both
   */
  record Balanced(Policy policy, Learning learning, Map<Knob, String> knobs) implements Route {
    static final String LEARNING = "learning";

    /** Checks. */
    public Balanced {
      knobs = knobs.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(knobs));
    }

    /** One of which all is as usual. */
    public Balanced(Policy policy, Learning learning) {
      this(policy, learning, Map.of());
    }

    /** That of some words, of which what is as usual may be left out; empty if they are none. */
    static Optional<Balanced> find(Map<String, String> words) {
      Map<String, String> left = new LinkedHashMap<>(words);
      Optional<Policy> policy =
          words.entrySet().stream()
              .filter(e -> e.getValue().isEmpty())
              .findFirst()
              .flatMap(e -> Named.find(Policy.class, e.getKey()));
      policy.ifPresent(p -> left.remove(p.word()));
      String known = Optional.ofNullable(left.remove(LEARNING)).orElse(Learning.WATCH.word());
      Optional<Learning> learning = Named.find(Learning.class, known);
      return policy.flatMap(p ->
          learning.flatMap(l ->
              Knob.take(left, knobs(p, l))
                  .filter(_ -> left.isEmpty())
                  .map(k -> new Balanced(p, l, k))));
    }

    private static Set<Knob> knobs(Policy policy, Learning learning) {
      Set<Knob> knobs = EnumSet.copyOf(learning.knobs());
      knobs.addAll(policy.knobs());
      return knobs;
    }

    static String allowed() {
      return Arrays.stream(Policy.values())
              .map(p -> Knob.allowed(p.word(), p.knobs()))
              .collect(Collectors.joining("; "))
          + "; each with learning="
          + Arrays.stream(Learning.values())
              .map(l -> Knob.allowed(l.word(), l.knobs()))
              .collect(Collectors.joining(" or "));
    }

    /** What is set, or as usual. */
    public String knob(Knob knob) {
      return knobs.getOrDefault(knob, knob.usual());
    }

    /** What is set, or as usual, of a knob that is a time. */
    public Duration time(Knob knob) {
      return DurationText.parse(knob(knob)).orElseThrow();
    }

    /**
     * The law of its choice: a shuffled list is a draw, and of one that all clients know in the
     * same order all take the first.
     */
    PodChoice choice() {
      if (policy != Policy.PICK_FIRST) {
        return PodChoice.CLIENT_BALANCED;
      }
      if (!knobs.containsKey(Knob.SHUFFLE)) {
        return PodChoice.DRAW;
      }
      return learning == Learning.DNS ? PodChoice.CLIENT_BALANCED : PodChoice.CLIENT_FIRST;
    }

    @Override
    public String toString() {
      return policy.word()
          + Knob.text(knobs, policy.knobs())
          + (learning == Learning.WATCH ? "" : "," + LEARNING + "=" + learning.word())
          + Knob.text(knobs, learning.knobs());
    }
  }

  /**
   * To a proxy, behind the Service where there is one; it asks a pod for each request, and whoever
   * keeps a connection for himself (WebSocket, a stream of gRPC) keeps his pod.
   *
   * @param policy how it chooses, and so which it is
   * @param pool how many there are, of which the Service's rules choose one for each connection; 0
   *     for one beside each client, in its namespace, which nobody else uses
   * @param knobs what is not as usual of its program
   */
  record Proxied(ProxyPolicy policy, int pool, Map<Knob, String> knobs) implements Route {
    /** Proxies behind a Service, at most. */
    private static final int MOST = 16;

    static final String PROXIES = "proxies";
    private static final String SIDECARS = "sidecars";

    /** Checks. */
    public Proxied {
      knobs = knobs.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(knobs));
    }

    /** That of some words, {@code proxies=1} of which may be left out; empty if they are none. */
    static Optional<Proxied> find(Map<String, String> words) {
      Map<String, String> left = new LinkedHashMap<>(words);
      Optional<ProxyPolicy> policy =
          words.entrySet().stream()
              .filter(e -> e.getValue().isEmpty())
              .findFirst()
              .flatMap(e -> Named.find(ProxyPolicy.class, e.getKey()));
      policy.ifPresent(p -> left.remove(p.word()));
      String pool = Optional.ofNullable(left.remove(PROXIES)).orElse("1");
      return policy.flatMap(p ->
          Knob.take(left, p.knobs())
              .filter(_ -> left.isEmpty())
              .map(k ->
                  new Proxied(p, pool.equals(SIDECARS) ? 0 : Scalars.integer(pool, 1, MOST), k)));
    }

    static String allowed() {
      return String.join(", ", Named.words(ProxyPolicy.class))
          + " (with "
          + PROXIES
          + "=3 behind the Service, or "
          + PROXIES
          + "="
          + SIDECARS
          + ", one beside each client; Envoy's with workers=even, outliers=ejected)";
    }

    /** Whether there is one beside each client. */
    public boolean sidecars() {
      return pool == 0;
    }

    /** The same with one for all. */
    Proxied alone() {
      return new Proxied(policy, 1, knobs);
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
      return policy.word()
          + (pool == 1 ? "" : "," + PROXIES + "=" + (sidecars() ? SIDECARS : pool))
          + Knob.text(knobs, policy.knobs());
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

  /** Whether a connection that is made anew may go to a pod that joined. */
  default boolean learns() {
    return !(this instanceof Balanced b && b.learning() == Learning.ONCE);
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
