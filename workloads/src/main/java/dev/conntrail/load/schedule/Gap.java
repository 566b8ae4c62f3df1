package dev.conntrail.load.schedule;

/**
 * A pause in a schedule: what is due at its start or later is due later by its length.
 *
 * @param startNs after the start of the schedule
 * @param lengthNs how long it is
 */
public record Gap(long startNs, long lengthNs) {
  public Gap {
    if (startNs < 0 || lengthNs < 0) {
      throw new IllegalArgumentException("a pause begins and lasts at least 0");
    }
  }

  /**
   * When something is really due that is due so long after the start of the schedule. There is no
   * branch in it, which what is compiled before the pause would not have the other half of.
   */
  public long after(long dueNs) {
    return dueNs + (lengthNs & ~((dueNs - startNs) >> (Long.SIZE - 1)));
  }
}
