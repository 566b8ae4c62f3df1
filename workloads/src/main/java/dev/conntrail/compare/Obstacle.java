package dev.conntrail.compare;

/**
 * Something that differs between two runs.
 *
 * @param what in a word or two
 * @param a of one
 * @param b of the other
 */
public record Obstacle(String what, String a, String b) {
  /** In a line. */
  public String text() {
    return what + ": A has " + a + ", B has " + b;
  }
}
