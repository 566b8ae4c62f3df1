package dev.conntrail.spec;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a way to balance leaves open; it is said only where it is not as usual. */
public enum Knob implements Named {
  /** Of how many pods that are drawn the least busy one is taken; grpc-java: 2 to 10. */
  CHOICES("choices", "2"),
  /** Whether the pods' addresses are shuffled by each channel, or tried in the order they have. */
  SHUFFLE("shuffle", "yes"),
  /** Where pods say how busy they are: beside each answer, or in a stream of their own. */
  REPORTS("reports", "calls"),
  /** How long what a pod says is not heeded, from the first time that it says it. */
  BLACKOUT("blackout", "10s"),
  /** How long a name's addresses live, and how long whoever asked for them keeps them. */
  TTL("ttl", "30s"),
  /** Whether a proxy's worker threads get as many connections each, or as the kernel has it. */
  WORKERS("workers", "free"),
  /** Whether a proxy keeps pods that fail five times running, or leaves them out for a time. */
  OUTLIERS("outliers", "kept"),
  /** How long a Service knows a client after its last connection; Kubernetes: to a day. */
  TIMEOUT("timeout", "10800s");

  private static final Duration LONGEST = Duration.ofDays(1);

  private final String word;
  private final String usual;

  Knob(String word, String usual) {
    this.word = word;
    this.usual = usual;
  }

  /** The one way to write a value; empty for what is none. */
  private Optional<String> read(String text) {
    return switch (this) {
      case CHOICES -> Optional.of(text).filter(t -> t.matches("[2-9]|10"));
      case SHUFFLE -> Optional.of(text).filter(List.of("yes", "no")::contains);
      case REPORTS -> Optional.of(text).filter(List.of("calls", "pods")::contains);
      case BLACKOUT -> time(text);
      case TTL -> time(text).filter(t -> !t.endsWith("ms"));
      case WORKERS -> Optional.of(text).filter(List.of("free", "even")::contains);
      case OUTLIERS -> Optional.of(text).filter(List.of("kept", "ejected")::contains);
      case TIMEOUT -> time(text).filter(t -> !t.endsWith("ms") && !t.equals("0s"));
    };
  }

  private static Optional<String> time(String text) {
    return DurationText.parse(text).filter(d -> d.compareTo(LONGEST) <= 0).map(DurationText::of);
  }

  /**
   * Takes those of some out of words.
   *
   * @param words with their values; those that are found are removed
   * @return what is not as usual; empty if a value is none
   */
  static Optional<Map<Knob, String>> take(Map<String, String> words, Collection<Knob> of) {
    Map<Knob, String> found = new EnumMap<>(Knob.class);
    for (Knob knob : of) {
      String said = words.remove(knob.word);
      Optional<String> value = said == null ? Optional.of(knob.usual) : knob.read(said);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      value.filter(v -> !v.equals(knob.usual)).ifPresent(v -> found.put(knob, v));
    }
    return Optional.of(found);
  }

  /** As it is usually. */
  String usual() {
    return usual;
  }

  /** Some of them as a part of a cure has them: {@code ,choices=3}. */
  static String text(Map<Knob, String> values, Collection<Knob> of) {
    return values.entrySet().stream()
        .filter(e -> of.contains(e.getKey()))
        .map(e -> "," + e.getKey().word + "=" + e.getValue())
        .collect(Collectors.joining());
  }

  /** For a refusal: {@code least-request with choices=2}. */
  static String allowed(String word, Collection<Knob> of) {
    return of.isEmpty()
        ? word
        : word
            + " with "
            + of.stream().map(k -> k.word + "=" + k.usual).collect(Collectors.joining(", "));
  }

  @Override
  public String word() {
    return word;
  }
}
