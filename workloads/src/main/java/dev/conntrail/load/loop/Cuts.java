package dev.conntrail.load.loop;

import dev.conntrail.load.Answers;
import dev.conntrail.load.Tally;
import dev.conntrail.load.Timeline;

/**
 * Cuts what a loop records into intervals: at the start of the measure phase and each second from
 * then. Before, the same is done for nobody, and more often, so that it is compiled when it counts.
 */
final class Cuts {
  private static final long EVERY_NS = 1_000_000_000;
  private static final long REHEARSED_NS = 100_000_000;

  private final Tally tally;
  private final Answers answers;
  private long nextNs = Long.MAX_VALUE;

  Cuts(Tally tally, Answers answers) {
    this.tally = tally;
    this.answers = answers;
  }

  /** The first phase begins; it is that of measuring, if there is none before. */
  void begin(Timeline timeline) {
    nextNs = Math.min(timeline.startNs() + REHEARSED_NS, timeline.measureStartNs());
  }

  /** When the next is. */
  long nextNs() {
    return nextNs;
  }

  /** Cuts, if it is time. */
  void turn(long nowNs, Timeline timeline) {
    if (nowNs - nextNs < 0) {
      return;
    }
    long measureStartNs = timeline.measureStartNs();
    if (nextNs - measureStartNs >= 0) {
      nextNs += EVERY_NS;
      now();
    } else {
      nextNs = Math.min(nextNs + REHEARSED_NS, measureStartNs);
      answers.record();
      tally.rehearseCut(System.currentTimeMillis());
    }
  }

  /** Cuts now. */
  void now() {
    answers.record();
    tally.cut(System.currentTimeMillis());
  }
}
