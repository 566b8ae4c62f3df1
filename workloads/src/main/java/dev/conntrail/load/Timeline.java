package dev.conntrail.load;

import dev.conntrail.spec.Phases;

/**
 * When the phases of a run are, on the clock of {@link System#nanoTime()}.
 *
 * @param startNs start of the first phase
 * @param idleStartNs end of the warm-up
 * @param measureStartNs start of the measure phase
 * @param measureEndNs its end
 */
public record Timeline(long startNs, long idleStartNs, long measureStartNs, long measureEndNs) {
  /** Phases that begin at an instant. */
  public static Timeline of(Phases phases, long startNs) {
    long measureStartNs = startNs + phases.beforeMeasure().toNanos();
    return new Timeline(
        startNs,
        startNs + phases.warmup().toNanos(),
        measureStartNs,
        measureStartNs + phases.measure().toNanos());
  }

  /** Whether what was due then counts as measured. */
  public boolean measures(long ns) {
    return measured(ns) == 1;
  }

  /** 1 if what was due then counts as measured, else 0, by no branch ({@link Tally}). */
  public int measured(long ns) {
    return (int) ((~(ns - measureStartNs) & (ns - measureEndNs)) >>> (Long.SIZE - 1));
  }

  /** When a phase ends that has an end; another has begun then, which may end at once. */
  public long endNs(Phase phase) {
    return switch (phase) {
      case CONNECT -> startNs;
      case WARMUP -> idleStartNs;
      case IDLE -> measureStartNs;
      default -> measureEndNs;
    };
  }

  /** Whether a phase that has an end takes any time: one that takes none is passed over. */
  public boolean has(Phase phase) {
    return switch (phase) {
      case WARMUP -> idleStartNs - startNs > 0;
      case IDLE -> measureStartNs - idleStartNs > 0;
      case MEASURE -> measureEndNs - measureStartNs > 0;
      default -> false;
    };
  }

  /** The same, measured no longer than until then. */
  public Timeline until(long ns) {
    return ns - measureEndNs < 0 ? new Timeline(startNs, idleStartNs, measureStartNs, ns) : this;
  }

  /** The phase at an instant, from the first on; the drain has no end here. */
  public Phase phaseAt(long ns) {
    if (ns - measureEndNs >= 0) {
      return Phase.DRAIN;
    }
    if (ns - measureStartNs >= 0) {
      return Phase.MEASURE;
    }
    return ns - idleStartNs >= 0 ? Phase.IDLE : Phase.WARMUP;
  }

  /** Length of the measure phase; 0 if it never began. */
  public long measuredNs() {
    return Math.max(0, measureEndNs - measureStartNs);
  }
}
