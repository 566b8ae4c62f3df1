package dev.conntrail.load;

import dev.conntrail.record.Replies;

/**
 * Replies to a thread, or to a caller, that have come and are not recorded yet. All that is
 * recorded of a reply goes by the times noted of it, so that many can be recorded together: one
 * after another, while the histograms are in the CPU's caches, which the work between two replies
 * drives out; and by one taking of turns, where several record into the same.
 */
public final class Answers {
  private final Tally tally;
  private final Replies.OfPod[] pods;
  private final int[] measured;
  private final long[] dueNs;
  private final long[] sentNs;
  private final long[] atNs;
  private final long[] lagNs;
  private final int[] lagMeasured;
  private final int[] statuses;
  private int count;
  private int lags;
  private int replied;

  /**
   * Replies that are recorded there.
   *
   * @param most how many together
   */
  public Answers(Tally tally, int most) {
    this.tally = tally;
    this.pods = new Replies.OfPod[most];
    this.measured = new int[most];
    this.dueNs = new long[most];
    this.sentNs = new long[most];
    this.atNs = new long[most];
    this.lagNs = new long[most];
    this.lagMeasured = new int[most];
    this.statuses = new int[most];
  }

  /**
   * Notes that a request was sent so late that had nothing to wait for.
   *
   * @param isMeasured 1, or 0 if it is not
   */
  public void paced(int isMeasured, long ns) {
    lagMeasured[lags] = isMeasured;
    lagNs[lags++] = ns;
    if (lags == lagNs.length) {
      record();
    }
  }

  /** Notes that a reply of this status of HTTP came, whether it is an answer or not. */
  public void replied(int status) {
    statuses[replied++] = status;
    if (replied == statuses.length) {
      record();
    }
  }

  /**
   * Notes a reply of a pod.
   *
   * @param isMeasured 1, or 0 if its request is not
   */
  public void add(Replies.OfPod pod, int isMeasured, long due, long sent, long at) {
    int i = count++;
    pods[i] = pod;
    measured[i] = isMeasured;
    dueNs[i] = due;
    sentNs[i] = sent;
    atNs[i] = at;
    if (count == pods.length) {
      record();
    }
  }

  /** Records all that was noted; to be done before an interval ends. */
  public void record() {
    if (count + lags + replied > 0) {
      synchronized (tally) {
        recordAll();
      }
    }
  }

  private void recordAll() {
    for (int i = 0; i < lags; i++) {
      tally.paced(lagMeasured[i], lagNs[i]);
    }
    for (int i = 0; i < replied; i++) {
      tally.replied(statuses[i]);
    }
    for (int i = 0; i < count; i++) {
      pods[i].answered(atNs[i]);
      pods[i].took(measured[i], atNs[i] - dueNs[i]);
      tally.answered(measured[i], dueNs[i], sentNs[i], atNs[i]);
    }
    lags = 0;
    replied = 0;
    count = 0;
  }
}
