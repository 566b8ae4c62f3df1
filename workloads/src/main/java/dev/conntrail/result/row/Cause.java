package dev.conntrail.result.row;

import dev.conntrail.spec.Change;
import dev.conntrail.spec.Named;
import java.util.Optional;

/**
 * What had an effect on connections.
 *
 * @param change of the Service; empty for the idle phase
 */
public record Cause(Optional<Change.Kind> change) {
  /** The idle phase. */
  public static final Cause IDLE = new Cause(Optional.empty());

  private static final String IDLE_WORD = "idle";

  /** A change of the Service. */
  public static Cause of(Change.Kind change) {
    return new Cause(Optional.of(change));
  }

  /**
   * What {@link #toString()} wrote.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static Cause parse(String word) {
    return word.equals(IDLE_WORD)
        ? IDLE
        : Named.find(Change.Kind.class, word)
            .map(Cause::of)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "found '"
                        + word
                        + "'; allowed: idle, "
                        + String.join(", ", Named.words(Change.Kind.class))));
  }

  /** Whether pods came. */
  public boolean adds() {
    return change.equals(Optional.of(Change.Kind.ADD));
  }

  /** Whether pods left. */
  public boolean removes() {
    return change.isPresent() && !adds();
  }

  @Override
  public String toString() {
    return change.map(Change.Kind::word).orElse(IDLE_WORD);
  }
}
