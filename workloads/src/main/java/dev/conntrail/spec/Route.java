package dev.conntrail.spec;

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
    private static final String LEARNING = "learning=";

    /** What {@link #toString()} wrote; {@code learning=watch} may be left out. */
    static Balanced parse(String text) {
      String[] words = text.split(",", -1);
      Policy policy = Named.find(Policy.class, words[0]).orElseThrow(Balanced::refusal);
      if (words.length == 1) {
        return new Balanced(policy, Learning.WATCH);
      }
      if (words.length > 2 || !words[1].startsWith(LEARNING)) {
        throw refusal();
      }
      return Named.find(Learning.class, words[1].substring(LEARNING.length()))
          .map(learning -> new Balanced(policy, learning))
          .orElseThrow(Balanced::refusal);
    }

    static String allowed() {
      return String.join(", ", Named.words(Policy.class))
          + " (with ,learning="
          + String.join(" or ", Named.words(Learning.class))
          + ")";
    }

    private static IllegalArgumentException refusal() {
      return new IllegalArgumentException(allowed());
    }

    @Override
    public String toString() {
      return learning == Learning.WATCH
          ? policy.word()
          : policy.word() + "," + LEARNING + learning.word();
    }
  }

  /** Whether clients connect to the pods' own addresses. */
  default boolean direct() {
    return switch (this) {
      case Service _ -> false;
      case Straight _, Balanced _ -> true;
    };
  }

  /**
   * Whether each connection that a client makes leads to one pod: then an answer from another one
   * is a fault.
   */
  default boolean pins() {
    return switch (this) {
      case Service _, Straight _, Balanced _ -> true;
    };
  }
}
