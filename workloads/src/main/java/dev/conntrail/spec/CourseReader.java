package dev.conntrail.spec;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads how repetitions go, of an experiment and of its blocks. */
final class CourseReader {
  private static final List<String> PHASES = List.of("warmup", "idle", "measure", "drain");
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
        EventReader.events(block, phases.measure()),
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
}
