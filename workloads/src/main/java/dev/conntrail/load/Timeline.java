package dev.conntrail.load;

import dev.conntrail.spec.Phases;

/**
 * When the phases of a run are, on the clock of {@link System#nanoTime()}.
 *
 * @param startNs start of the first phase
 * @param measureStartNs start of the measure phase
 * @param measureEndNs its end
 */
record Timeline(long startNs, long measureStartNs, long measureEndNs) {
  /** Phases that begin at an instant. */
  static Timeline of(Phases phases, long startNs) {
    long measureStartNs = startNs + phases.beforeMeasure().toNanos();
    return new Timeline(startNs, measureStartNs, measureStartNs + phases.measure().toNanos());
  }

  /** Whether what was due then counts as measured. */
  boolean measures(long ns) {
    return ns - measureStartNs >= 0 && ns - measureEndNs < 0;
  }

  /** The same, measured no longer than until then. */
  Timeline until(long ns) {
    return ns - measureEndNs < 0 ? new Timeline(startNs, measureStartNs, ns) : this;
  }

  /** Length of the measure phase; 0 if it never began. */
  long measuredNs() {
    return Math.max(0, measureEndNs - measureStartNs);
  }
}
