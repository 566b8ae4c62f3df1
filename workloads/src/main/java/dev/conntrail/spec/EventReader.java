package dev.conntrail.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Reads the events of a block. */
final class EventReader {
  private static final List<String> WORDS =
      Stream.of(
              Stream.of("at"),
              Named.words(EventKind.class).stream(),
              EventArguments.words().stream())
          .flatMap(s -> s)
          .toList();

  private EventReader() {}

  /** Those of a block, in order of time. */
  static List<Event> events(YamlMap block, Duration measure) {
    if (!block.has("events")) {
      return List.of();
    }
    List<Event> events = new ArrayList<>();
    for (YamlMap event : block.maps("events", WORDS)) {
      events.add(event(event, measure));
    }
    events.sort(Comparator.comparing(Event::at));
    return events;
  }

  private static Event event(YamlMap event, Duration measure) {
    Duration at =
        Scalars.duration(event, "at", Duration.ZERO)
            .orElseThrow(
                () -> event.refuse("at", "found no such key", "when, from the start of measure"));
    if (at.compareTo(measure) >= 0) {
      throw event.refuse(
          "at",
          "found " + at.toMillis() + "ms in a measure phase of " + measure.toMillis() + "ms",
          "a moment within it");
    }
    EventKind kind = kind(event);
    List<String> words = EventArguments.words(kind);
    for (String word : EventArguments.words()) {
      if (event.has(word) && !words.contains(word)) {
        throw event.refuse(
            word,
            "found it with " + kind.word(),
            words.isEmpty() ? "nothing but at beside it" : String.join(", ", words));
      }
    }
    return new EventArguments(
            kind,
            at,
            word -> event.scalar(word).map(YamlMap.Value::text),
            (word, allowed) ->
                event.refuse(
                    word,
                    event.has(word) ? "found '" + event.text(word) + "'" : "found no such key",
                    allowed))
        .event();
  }

  private static EventKind kind(YamlMap event) {
    List<EventKind> kinds =
        Arrays.stream(EventKind.values()).filter(k -> event.has(k.word())).toList();
    if (kinds.size() != 1) {
      throw event.refuse(
          "at",
          "found " + kinds.size() + " things to do",
          "one of " + String.join(", ", Named.words(EventKind.class)));
    }
    return kinds.getFirst();
  }
}
