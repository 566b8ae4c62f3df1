package dev.conntrail.spec;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Connections are given up, so that new ones are made: when they are so old, or have carried so
 * many requests, whichever comes first.
 *
 * @param maxAge how old; empty for any age
 * @param jitter by how much their ages differ
 * @param percent so much, where the law of jitter leaves it open
 * @param maxRequests how many requests; empty for any number
 * @param by who gives them up
 */
public record Recycling(
    Optional<Duration> maxAge, Jitter jitter, int percent, Optional<Integer> maxRequests, Side by) {
  /** Words that say that it is this. */
  static final List<String> WORDS = List.of("max-age", "max-requests");

  /** These, and words that say more of it. */
  static final List<String> KNOWN = List.of("max-age", "max-requests", "jitter", "percent", "by");

  /** What {@link #percent} is where nobody says it. */
  public static final int USUAL_PCT = 10;

  private static final int MOST_REQUESTS = 1_000_000;
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final double PCT = 100;

  /** Who gives connections up. */
  public enum Side implements Named {
    /** Whoever opened them, between two requests. */
    CLIENT("client", Change.Who.CLIENT),
    /**
     * The pod: GOAWAY of HTTP/2 and gRPC, {@code Connection: close} of HTTP/1.1, WebSocket's close
     * frame 1012.
     */
    SERVER("server", Change.Who.SERVER),
    /** A proxy, of the connections that clients have to it. */
    PROXY("proxy", Change.Who.CLUSTER),
    /** A proxy, of those that it has to pods. */
    PROXY_TO_PODS("proxy-to-pods", Change.Who.CLUSTER);

    private final String word;
    private final Change.Who who;

    Side(String word, Change.Who who) {
      this.word = word;
      this.who = who;
    }

    /** What it has to do. */
    public Change change() {
      return new Change(who, "connections are given up, and made anew");
    }

    @Override
    public String word() {
      return word;
    }
  }

  /**
   * What {@link #toString()} wrote; what is as usual may be left out.
   *
   * @param words of it, with their values
   * @throws IllegalArgumentException saying what is allowed
   */
  static Recycling parse(Map<String, String> words) {
    Map<String, String> left = new LinkedHashMap<>(words);
    Optional<Duration> age = Optional.ofNullable(left.remove("max-age")).map(Recycling::age);
    Optional<Integer> requests =
        Optional.ofNullable(left.remove("max-requests"))
            .map(n -> whole("max-requests", n, 1, MOST_REQUESTS));
    Jitter jitter =
        age.isEmpty()
            ? Jitter.NONE
            : constant(Jitter.class, "jitter", left.remove("jitter"), Jitter.NONE);
    boolean open = jitter == Jitter.ENVOY || jitter == Jitter.REACTOR;
    int percent =
        open
            ? Optional.ofNullable(left.remove("percent"))
                .map(n -> whole("percent", n, 1, 100))
                .orElse(USUAL_PCT)
            : USUAL_PCT;
    Side by = constant(Side.class, "by", left.remove("by"), Side.CLIENT);
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          allowed() + Nearest.of(left.keySet().iterator().next(), KNOWN));
    }
    return new Recycling(age, jitter, percent, requests, by);
  }

  static String allowed() {
    return "max-age=5s (with jitter="
        + String.join(" or ", Named.words(Jitter.class))
        + "; envoy and reactor with percent="
        + USUAL_PCT
        + ") or max-requests=100 or both, with by="
        + String.join(" or ", Named.words(Side.class));
  }

  /** As the end of a refusal of words of it that stand alone, as YAML's lists divide at commas. */
  static Optional<String> apart(Map<String, String> words) {
    return words.keySet().stream()
        .filter(w -> KNOWN.contains(w) && WORDS.stream().noneMatch(words::containsKey))
        .findFirst()
        .map(w ->
            " ("
                + w
                + " stands in one word with max-age or max-requests, and that in quotes in a list of"
                + " YAML: \"max-age=5s,jitter=grpc\")");
  }

  private static Duration age(String text) {
    return DurationText.parse(text)
        .filter(d -> d.compareTo(SHORTEST) >= 0 && d.compareTo(LONGEST) <= 0)
        .orElseThrow(() ->
            new IllegalArgumentException("max-age: a duration such as 5s, from 100ms to 60m"));
  }

  private static int whole(String word, String text, int least, int most) {
    try {
      return Scalars.integer(text, least, most);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(word + ": " + e.getMessage(), e);
    }
  }

  private static <T extends Enum<T> & Named> T constant(
      Class<T> type, String word, String text, T usual) {
    return text == null
        ? usual
        : Named.find(type, text)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    word
                        + ": "
                        + String.join(", ", Named.words(type))
                        + Nearest.of(text, Named.words(type))));
  }

  /** The age that a connection is to reach, nanoseconds; as good as endless without one. */
  public long ageNs(RandomGenerator random) {
    return maxAge
        .map(age -> (long) (age.toNanos() * jitter.factor(random.nextDouble(), percent / PCT)))
        .orElse(Long.MAX_VALUE / 2);
  }

  @Override
  public String toString() {
    Map<String, String> words = new LinkedHashMap<>();
    maxAge.ifPresent(age -> words.put("max-age", DurationText.of(age)));
    maxRequests.ifPresent(n -> words.put("max-requests", Integer.toString(n)));
    if (jitter != Jitter.NONE) {
      words.put("jitter", jitter.word());
    }
    if (percent != USUAL_PCT) {
      words.put("percent", Integer.toString(percent));
    }
    if (by != Side.CLIENT) {
      words.put("by", by.word());
    }
    return words.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(","));
  }
}
