package dev.conntrail.spec;

/**
 * Something that a cell takes of a testbed.
 *
 * @param key what takes it: the word of an axis, or {@code events}
 * @param value its value in the cell
 * @param ability what it takes
 */
public record Need(String key, String value, Ability ability) {
  /** Why a cell that takes it cannot be on a testbed, which never has it. */
  public String cannot(TestbedKind testbed) {
    return key
        + " "
        + value
        + " cannot be on testbed "
        + testbed.word()
        + "; allowed: "
        + ability.allowed();
  }
}
