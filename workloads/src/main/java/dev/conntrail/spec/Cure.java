package dev.conntrail.spec;

import java.util.Optional;

/**
 * What is done against imbalance, beside the data plane.
 *
 * @param balanced the client balances for itself; empty where it does not
 */
public record Cure(Optional<Route.Balanced> balanced) {
  /** Nothing is. */
  public static final Cure NONE = new Cure(Optional.empty());

  private static final String NOTHING = "none";

  /**
   * What {@link #toString()} wrote.
   *
   * @throws IllegalArgumentException saying what is allowed
   */
  public static Cure parse(String text) {
    if (text.equals(NOTHING)) {
      return NONE;
    }
    try {
      return new Cure(Optional.of(Route.Balanced.parse(text)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(NOTHING + ", " + e.getMessage(), e);
    }
  }

  /** Whether connections follow the law of a choice nevertheless. */
  boolean keeps(PodChoice choice) {
    return choice != PodChoice.CLIENT_BALANCED;
  }

  /** As a person would say it: {@code round-robin, learning once}. */
  String phrase() {
    return toString().replace('=', ' ').replace(",", ", ");
  }

  @Override
  public String toString() {
    return balanced.map(Object::toString).orElse(NOTHING);
  }
}
