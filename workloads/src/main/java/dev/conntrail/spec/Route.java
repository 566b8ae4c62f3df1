package dev.conntrail.spec;

import java.util.Map;
import java.util.Optional;

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
   */
  record Balanced(Policy policy, Learning learning) implements Route {
    private static final String LEARNING = "learning";

    /**
     * That of some words, {@code learning=watch} of which may be left out; empty if they are none.
     */
    static Optional<Balanced> find(Map<String, String> words) {
      Optional<Policy> policy =
          words.entrySet().stream()
              .filter(e -> e.getValue().isEmpty())
              .findFirst()
              .flatMap(e -> Named.find(Policy.class, e.getKey()));
      Optional<Learning> learning =
          Named.find(Learning.class, words.getOrDefault(LEARNING, Learning.WATCH.word()));
      int known = words.containsKey(LEARNING) ? 2 : 1;
      return policy
          .filter(_ -> words.size() == known)
          .flatMap(p -> learning.map(l -> new Balanced(p, l)));
    }

    static String allowed() {
      return String.join(", ", Named.words(Policy.class))
          + " (with learning="
          + String.join(" or ", Named.words(Learning.class))
          + ")";
    }

    @Override
    public String toString() {
      return learning == Learning.WATCH
          ? policy.word()
          : policy.word() + "," + LEARNING + "=" + learning.word();
    }
  }

  /**
   * To a proxy, behind the Service where there is one; it asks a pod for each request, and whoever
   * keeps a connection for himself (WebSocket, a stream of gRPC) keeps his pod.
   *
   * @param policy how it chooses, and so which it is
   */
  record Proxied(ProxyPolicy policy) implements Route {
    @Override
    public String toString() {
      return policy.word();
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
    return this instanceof Balanced(_, Learning learning) && learning == Learning.WATCH;
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
