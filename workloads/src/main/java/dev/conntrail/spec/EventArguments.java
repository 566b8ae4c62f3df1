package dev.conntrail.spec;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The arguments of an event, by their words, wherever they stand.
 *
 * @param kind what kind of event
 * @param at when
 * @param said what stands at a word; empty if the word is not there
 * @param refusal of what stands at a word, with what is allowed there
 */
record EventArguments(
    EventKind kind,
    Duration at,
    Function<String, Optional<String>> said,
    BiFunction<String, String, RuntimeException> refusal) {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** What holds where a word is not there. */
  static final Map<String, String> USUAL = usual();

  private static Map<String, String> usual() {
    Map<String, String> all = new HashMap<>(Lifecycle.USUAL.parts());
    all.put("max-surge", "1");
    all.put("max-unavailable", "0");
    return all;
  }

  /** The words of the arguments of a kind, beside the one at its own word. */
  static List<String> words(EventKind kind) {
    return switch (kind) {
      case ADD_ENDPOINTS, REMOVE_ENDPOINTS, DELETE_ENDPOINTS, RESTART_PROXY, CHANGE_MODE ->
          List.of();
      case SCALE, DRAIN_NODE -> List.copyOf(Lifecycle.USUAL.parts().keySet());
      case KILL_POD -> List.of("ready-after", "rules-after");
      case POWER_OFF -> List.of("rules-after");
      case PAUSE -> List.of("for");
      case SLOW_POD -> List.of("delay", "cpu");
      case ROLLING_UPDATE ->
          Stream.concat(
                  Stream.of("max-surge", "max-unavailable"),
                  Lifecycle.USUAL.times().keySet().stream())
              .toList();
    };
  }

  /** Those of all kinds. */
  static List<String> words() {
    return Arrays.stream(EventKind.values()).flatMap(k -> words(k).stream()).distinct().toList();
  }

  /** The event that they say. */
  Event event() {
    return switch (kind) {
      case ADD_ENDPOINTS, REMOVE_ENDPOINTS, DELETE_ENDPOINTS ->
          new Event.Endpoints(kind, pods(), at);
      case SCALE -> new Event.Scale(pods(), life("on-term"), at);
      case KILL_POD -> new Event.KillPod(pods(), time("ready-after"), time("rules-after"), at);
      case POWER_OFF -> powerOff();
      case PAUSE -> new Event.Pause(pods(), time("for", SHORTEST, "500ms"), at);
      case SLOW_POD -> slowPod();
      case ROLLING_UPDATE -> rollingUpdate();
      case DRAIN_NODE ->
          new Event.DrainNode(number(kind.word(), 1, Limits.NODES, ""), life("on-term"), at);
      case RESTART_PROXY -> new Event.RestartProxy(time(kind.word(), Duration.ZERO, ""), at);
      case CHANGE_MODE -> changeMode();
    };
  }

  private String text(String word, String otherwise) {
    return said.apply(word).orElse(otherwise);
  }

  private int number(String word, int least, int most, String otherwise) {
    String text = text(word, otherwise);
    int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
    if (number < least || number > most) {
      throw refusal.apply(word, "a whole number from " + least + " to " + most);
    }
    return number;
  }

  private int pods() {
    return number(kind.word(), 1, Limits.PODS - 1, "");
  }

  private Duration time(String word, Duration least, String otherwise) {
    return DurationText.parse(text(word, otherwise))
        .filter(d -> d.compareTo(least) >= 0 && d.compareTo(LONGEST) <= 0)
        .orElseThrow(() ->
            refusal.apply(
                word,
                "a duration such as 500ms, 5s or 2m, from " + least.toMillis() + "ms to 60m"));
  }

  private Duration time(String word) {
    return time(word, Duration.ZERO, USUAL.getOrDefault(word, ""));
  }

  private <T extends Enum<T> & Named> T constant(String word, Class<T> type, String otherwise) {
    return Named.find(type, text(word, otherwise))
        .orElseThrow(() -> refusal.apply(word, String.join(", ", Named.words(type))));
  }

  private Lifecycle life(String onTerm) {
    return new Lifecycle(
        time("ready-after"),
        time("rules-after"),
        time("pre-stop"),
        time("grace"),
        constant(onTerm, PodEnding.class, USUAL.get("on-term")));
  }

  private Event slowPod() {
    boolean cpu = said.apply("cpu").isPresent();
    return new Event.SlowPod(
        pods(),
        cpu && said.apply("delay").isEmpty() ? Duration.ZERO : time("delay", SHORTEST, "50ms"),
        cpu ? time("cpu", SHORTEST, "") : Duration.ZERO,
        at);
  }

  private Event powerOff() {
    boolean never = text("rules-after", Event.PowerOff.NEVER).equals(Event.PowerOff.NEVER);
    return new Event.PowerOff(
        pods(), never ? Optional.empty() : Optional.of(time("rules-after")), at);
  }

  private Event rollingUpdate() {
    int surge = number("max-surge", 0, Limits.PODS - 1, USUAL.get("max-surge"));
    int lacking = number("max-unavailable", 0, Limits.PODS - 1, USUAL.get("max-unavailable"));
    if (surge + lacking == 0) {
      throw refusal.apply("max-surge", "1 or more there or at max-unavailable");
    }
    return new Event.RollingUpdate(surge, lacking, life(kind.word()), at);
  }

  private Event changeMode() {
    DataPlane to = constant(kind.word(), DataPlane.class, "");
    if (to == DataPlane.DIRECT) {
      throw refusal.apply(kind.word(), "a mode of kube-proxy: iptables, nftables, ipvs");
    }
    return new Event.ChangeMode(to, at);
  }
}
