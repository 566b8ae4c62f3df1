package dev.conntrail.result.row;

import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.Named;
import java.util.Optional;

/**
 * What had an effect on connections.
 *
 * @param event what happened; empty for the idle phase
 */
public record Cause(Optional<EventKind> event) {
  /** The idle phase. */
  public static final Cause IDLE = new Cause(Optional.empty());

  private static final String IDLE_WORD = "idle";

  /** An event. */
  public static Cause of(EventKind event) {
    return new Cause(Optional.of(event));
  }

  /**
   * What {@link #toString()} wrote.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static Cause parse(String word) {
    return word.equals(IDLE_WORD)
        ? IDLE
        : Named.find(EventKind.class, word)
            .map(Cause::of)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "found '"
                        + word
                        + "'; allowed: idle, "
                        + String.join(", ", Named.words(EventKind.class))));
  }

  /** Whether endpoints joined, and nothing else. */
  public boolean adds() {
    return event.equals(Optional.of(EventKind.ADD_ENDPOINTS));
  }

  /** Whether endpoints left, and nothing else. */
  public boolean removes() {
    return event.filter(EventKind::ofEndpoints).isPresent() && !adds();
  }

  @Override
  public String toString() {
    return event.map(EventKind::word).orElse(IDLE_WORD);
  }
}
