package dev.conntrail.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is done against imbalance, beside the data plane; parts may go together.
 *
 * @param balanced the client balances for itself; empty where it does not
 * @param recycling connections are given up, and new ones made; empty where they are not
 * @param perClient connections of a client that its callers share; 0 for what the library has
 * @param proxied a proxy balances for it; empty where none does
 * @param affinity the Service sends a client's address to one pod; empty where it does not
 * @param sameZone the Service's {@code trafficDistribution} is PreferSameZone
 */
public record Cure(
    Optional<Route.Balanced> balanced,
    Optional<Recycling> recycling,
    int perClient,
    Optional<Route.Proxied> proxied,
    Optional<Affinity> affinity,
    boolean sameZone) {
  /** Nothing is. */
  public static final Cure NONE =
      new Cure(Optional.empty(), Optional.empty(), 0, Optional.empty(), Optional.empty(), false);

  private static final String NOTHING = "none";
  private static final String PER_CLIENT = "connections-per-client";

  /** The word of that. */
  static final String SAME_ZONE = "same-zone";

  /** Those that a part may begin with, and those that say more of what begins with one. */
  private static final List<String> WORDS =
      Stream.of(
              Named.words(Policy.class),
              Recycling.KNOWN,
              List.of(PER_CLIENT, SAME_ZONE, Affinity.WORD, NOTHING),
              Named.words(ProxyPolicy.class),
              List.of(Route.Balanced.LEARNING, Route.Proxied.PROXIES),
              Named.words(Knob.class))
          .flatMap(List::stream)
          .toList();

  /**
   * What {@link #toString()} wrote.
   *
   * @throws IllegalArgumentException saying what is allowed
   */
  public static Cure parse(String text) {
    if (text.equals(NOTHING)) {
      return NONE;
    }
    Cure cure = NONE;
    for (String part : text.split("\\+", -1)) {
      cure = cure.with(part);
    }
    return cure;
  }

  private Cure with(String part) {
    Map<String, String> words = words(part);
    if (words.equals(Map.of(SAME_ZONE, "")) && !sameZone) {
      return new Cure(balanced, recycling, perClient, proxied, affinity, true);
    }
    if (words.size() == 1 && words.containsKey(PER_CLIENT) && perClient == 0) {
      int each = Scalars.integer(words.get(PER_CLIENT), 1, 1000);
      return new Cure(balanced, recycling, each, proxied, affinity, sameZone);
    }
    if (Recycling.WORDS.stream().anyMatch(words::containsKey) && recycling.isEmpty()) {
      return new Cure(
          balanced, Optional.of(Recycling.parse(words)), perClient, proxied, affinity, sameZone);
    }
    Optional<Route.Proxied> proxy = Route.Proxied.find(words);
    if (proxy.isPresent() && proxied.isEmpty()) {
      return new Cure(balanced, recycling, perClient, proxy, affinity, sameZone);
    }
    Optional<Affinity> pinned = Affinity.find(words);
    if (pinned.isPresent() && affinity.isEmpty()) {
      return new Cure(balanced, recycling, perClient, proxied, pinned, sameZone);
    }
    Optional<Route.Balanced> client = Route.Balanced.find(words);
    if (client.isPresent() && balanced.isEmpty()) {
      return new Cure(client, recycling, perClient, proxied, affinity, sameZone);
    }
    throw refusal(words);
  }

  private static Map<String, String> words(String part) {
    Map<String, String> words = new LinkedHashMap<>();
    for (String word : part.split(",", -1)) {
      String[] pair = word.split("=", 2);
      if (words.put(pair[0], pair.length == 2 ? pair[1] : "") != null) {
        throw refusal(words);
      }
    }
    return words;
  }

  /**
   * What may have been meant: of the first word that there is not, else of how a client learns,
   * else by words that stand apart from those that they belong to.
   */
  private static String meant(Map<String, String> words) {
    List<String> learning = Named.words(Learning.class);
    return words.keySet().stream()
        .filter(w -> !WORDS.contains(w))
        .findFirst()
        .map(w -> Nearest.of(w, WORDS))
        .or(() ->
            Optional.ofNullable(words.get(Route.Balanced.LEARNING))
                .filter(w -> !learning.contains(w))
                .map(w -> Nearest.of(w, learning)))
        .or(() -> Recycling.apart(words))
        .orElse("");
  }

  private static IllegalArgumentException refusal(Map<String, String> words) {
    return new IllegalArgumentException(
        NOTHING
            + ", or one or more of these, joined by +: "
            + Route.Balanced.allowed()
            + "; "
            + Recycling.allowed()
            + "; "
            + PER_CLIENT
            + "=4; "
            + Route.Proxied.allowed()
            + "; "
            + Affinity.allowed()
            + "; "
            + SAME_ZONE
            + meant(words));
  }

  /** The same with one proxy, where it has another number of them. */
  public Cure withOneProxy() {
    return new Cure(
        balanced, recycling, perClient, proxied.map(Route.Proxied::alone), affinity, sameZone);
  }

  /** Whether the Service itself chooses otherwise than it does without. */
  boolean ofService() {
    return affinity.isPresent() || sameZone;
  }

  /** What clients recycle; empty where they do not. */
  public Optional<Recycling> byClient() {
    return by(Recycling.Side.CLIENT);
  }

  /** What pods recycle; empty where they do not. */
  public Optional<Recycling> byServer() {
    return by(Recycling.Side.SERVER);
  }

  /** What one side recycles; empty where it does not. */
  public Optional<Recycling> by(Recycling.Side side) {
    return recycling.filter(r -> r.by() == side);
  }

  /** Who has to change what; nobody for none. */
  public List<Change> changes() {
    Stream<Change> pool =
        Stream.of(new Change(Change.Who.CLIENT, "a pool of more connections"))
            .filter(_ -> perClient > 0);
    return Stream.of(
            balanced.stream().flatMap(b -> b.policy().changes().stream()),
            balanced.map(Route.Balanced::learning).map(Learning::change).stream(),
            proxied.map(Route.Proxied::change).stream(),
            affinity.map(Affinity::change).stream(),
            Stream.of(new Change(Change.Who.CLUSTER, "trafficDistribution of the Service"))
                .filter(_ -> sameZone),
            recycling.map(r -> r.by().change()).stream(),
            pool)
        .flatMap(s -> s)
        .toList();
  }

  /** Whether connections follow the law of a choice nevertheless, to the end of a course. */
  boolean keeps(PodChoice choice, Course course) {
    return switch (choice) {
      case DRAW, ZONE_DRAW, NODE_IN_TURN, CLIENT_HASH, SERVICE_HASH, CLIENT_FIRST -> true;
      case CLIENT_PINNED ->
          affinity.filter(a -> a.timeout().compareTo(course.phases().length()) >= 0).isPresent();
      case CLIENT_IN_TURN, LEAST_CONNECTIONS, LEAST_ACTIVE -> recycling.isEmpty();
      case CLIENT_BALANCED, PROXY -> false;
    };
  }

  /** As a person would say it: {@code max-age 5s, jitter grpc}. */
  public String phrase() {
    return toString().replace('=', ' ').replace(",", ", ").replace("+", " + ");
  }

  @Override
  public String toString() {
    String parts =
        Stream.of(
                balanced.map(Object::toString),
                proxied.map(Object::toString),
                affinity.map(Object::toString),
                Optional.of(SAME_ZONE).filter(_ -> sameZone),
                recycling.map(Object::toString),
                Optional.of(PER_CLIENT + "=" + perClient).filter(_ -> perClient > 0))
            .flatMap(Optional::stream)
            .collect(Collectors.joining("+"));
    return parts.isEmpty() ? NOTHING : parts;
  }
}
