package dev.conntrail.spec;

import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code sessionAffinity: ClientIP} of the Service: its rules send all connections of a client's
 * address to the pod that its first one drew. No cure, but something that people set.
 *
 * @param timeout how long after its last connection a client is known ({@code timeoutSeconds})
 */
public record Affinity(Duration timeout) {
  static final String WORD = "session-affinity";
  private static final Set<Knob> KNOBS = EnumSet.of(Knob.TIMEOUT);

  /** That of some words, of which the usual time may be left out; empty if they are none. */
  static Optional<Affinity> find(Map<String, String> words) {
    Map<String, String> left = new LinkedHashMap<>(words);
    return Optional.ofNullable(left.remove(WORD))
        .filter(String::isEmpty)
        .flatMap(_ -> Knob.take(left, KNOBS))
        .filter(_ -> left.isEmpty())
        .map(k -> k.getOrDefault(Knob.TIMEOUT, Knob.TIMEOUT.usual()))
        .flatMap(DurationText::parse)
        .map(Affinity::new);
  }

  static String allowed() {
    return Knob.allowed(WORD, KNOBS);
  }

  /** What it takes. */
  Change change() {
    return new Change(Change.Who.CLUSTER, "sessionAffinity of the Service");
  }

  @Override
  public String toString() {
    String time = DurationText.of(timeout);
    return time.equals(Knob.TIMEOUT.usual()) ? WORD : WORD + "," + Knob.TIMEOUT.word() + "=" + time;
  }
}
