package dev.conntrail.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads how repetitions go, of an experiment and of its blocks. */
final class CourseReader {
  private static final List<String> PHASES = List.of("warmup", "idle", "measure", "drain");
  private static final List<String> EVENT =
      Stream.concat(Stream.of("at"), Named.words(Change.Kind.class).stream()).toList();
  private static final Duration SHORTEST_MEASURE = Duration.ofMillis(100);
  private static final Phases DEFAULT_PHASES =
      new Phases(
          Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(2));

  private CourseReader() {}

  /** What an experiment says for all its blocks. */
  static Course ofExperiment(YamlMap top) {
    return new Course(phases(top, DEFAULT_PHASES), List.of(), repetitions(top).orElse(1));
  }

  private static Optional<Integer> repetitions(YamlMap map) {
    return map.scalar("repetitions").map(v -> Scalars.integer(v, 1, 1000));
  }

  /** What a block says of its repetitions, and of the rest what the experiment says. */
  static Course ofBlock(YamlMap block, Course otherwise) {
    Phases phases = phases(block, otherwise.phases());
    return new Course(
        phases,
        changes(block, phases.measure()),
        repetitions(block).orElse(otherwise.repetitions()));
  }

  private static Phases phases(YamlMap parent, Phases otherwise) {
    YamlMap map = parent.map("phases", PHASES).orElse(null);
    if (map == null) {
      return otherwise;
    }
    return new Phases(
        Scalars.duration(map, "warmup", Duration.ZERO).orElse(otherwise.warmup()),
        Scalars.duration(map, "idle", Duration.ZERO).orElse(otherwise.idle()),
        Scalars.duration(map, "measure", SHORTEST_MEASURE).orElse(otherwise.measure()),
        Scalars.duration(map, "drain", Duration.ZERO).orElse(otherwise.drain()));
  }

  private static List<Change> changes(YamlMap block, Duration measure) {
    if (!block.has("events")) {
      return List.of();
    }
    List<Change> changes = new ArrayList<>();
    for (YamlMap event : block.maps("events", EVENT)) {
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
      List<Change.Kind> kinds =
          Arrays.stream(Change.Kind.values()).filter(k -> event.has(k.word())).toList();
      if (kinds.size() != 1) {
        throw event.refuse(
            "at",
            "found " + kinds.size() + " things to do",
            "one of " + String.join(", ", Named.words(Change.Kind.class)));
      }
      Change.Kind kind = kinds.getFirst();
      changes.add(
          new Change(
              kind, Scalars.integer(event.required(kind.word(), ""), 1, Limits.PODS - 1), at));
    }
    changes.sort(Comparator.comparing(Change::at));
    return changes;
  }
}
