package dev.conntrail.spec;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads events as {@link Event#text()} writes them. */
final class EventText {
  private static final Pattern TEXT = Pattern.compile("(([a-z-]+)=.*)@(\\d{1,9})ms");

  private EventText() {}

  static List<Event> parse(String text) {
    return text.equals(Event.NONE)
        ? List.of()
        : Arrays.stream(text.split(";", -1)).map(EventText::event).toList();
  }

  private static Event event(String part) {
    Matcher m = TEXT.matcher(part);
    Optional<EventKind> kind =
        m.matches() ? Named.find(EventKind.class, m.group(2)) : Optional.empty();
    Map<String, String> said = new HashMap<>();
    if (kind.isPresent()) {
      for (String argument : m.group(1).split(",", -1)) {
        String[] pair = argument.split("=", 2);
        said.put(pair[0], pair.length == 2 ? pair[1] : "");
      }
    }
    return kind.filter(k -> said.keySet().stream().allMatch(w -> known(k, w)))
        .map(k ->
            new EventArguments(
                    k,
                    Duration.ofMillis(Long.parseLong(m.group(3))),
                    word -> Optional.ofNullable(said.get(word)),
                    (_, _) -> refusal(part))
                .event())
        .orElseThrow(() -> refusal(part));
  }

  private static boolean known(EventKind kind, String word) {
    return word.equals(kind.word()) || EventArguments.words(kind).contains(word);
  }

  private static IllegalArgumentException refusal(String part) {
    return new IllegalArgumentException("found '" + part + "'; allowed: WHAT=PODS@TIMEms, or none");
  }
}
