package dev.conntrail.load.loop;

import dev.conntrail.load.Tally;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;
import java.util.List;

/**
 * Replies of one thread that have come and are not recorded yet. All that is recorded of a reply
 * goes by the times noted of it, so that many can be recorded together: one after another, while
 * the histograms are in the CPU's caches, which the kernel's work between two replies drives out.
 */
final class Answers {
  private static final int MOST = 256;

  private final Tally tally;
  private final Recording recording;
  private final Replies.OfPod[] pods = new Replies.OfPod[MOST];
  private final boolean[] measured = new boolean[MOST];
  private final long[] dueNs = new long[MOST];
  private final long[] sentNs = new long[MOST];
  private final long[] atNs = new long[MOST];
  private int count;

  /** Replies that are recorded there. */
  Answers(Tally tally, Recording recording) {
    this.tally = tally;
    this.recording = recording;
  }

  /** Notes a reply of a pod, to a request that is measured or not. */
  void add(Replies.OfPod pod, boolean isMeasured, long due, long sent, long at) {
    int i = count++;
    pods[i] = pod;
    measured[i] = isMeasured;
    dueNs[i] = due;
    sentNs[i] = sent;
    atNs[i] = at;
    if (count == MOST) {
      record();
    }
  }

  /** Ends an interval, and starts the next. */
  void cut(long nowMs) {
    record();
    recording.cut(nowMs);
  }

  /** What was recorded, cut into intervals. */
  List<Recording.Interval> intervals() {
    return recording.intervals();
  }

  private void record() {
    for (int i = 0; i < count; i++) {
      pods[i].answered(atNs[i]);
      if (measured[i]) {
        pods[i].took(atNs[i] - dueNs[i]);
        tally.answered(dueNs[i], sentNs[i], atNs[i]);
      }
    }
    count = 0;
  }
}
