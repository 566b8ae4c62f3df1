package dev.conntrail.result.row;

import dev.conntrail.spec.EventKind;

/**
 * {@code recovery.csv}: how a repetition came through an event.
 *
 * @param watchedMs from its end to that of the measure phase
 * @param maxOverMeanBefore requests of the busiest endpoint over the mean, in the second before
 * @param maxOverMeanBalanced what the busiest endpoint may get over the mean in balance: 1.25, or
 *     what a fair draw of as many connections keeps in 97.5 % of draws, or what it got before,
 *     whichever is most
 * @param newAtLeastPct what endpoints that joined have to get of an equal share: 80, or what a fair
 *     draw keeps in 97.5 % of draws if that is less; not a number where none joined
 * @param balancedAfterMs from its end; not a number if never while it was watched
 * @param balancedForMs how long the balance was seen to hold, at most {@link #HOLDS_MS}: less where
 *     the measure phase ended before
 * @param failedCount requests that failed since its start, of all phases; connects are not among
 *     them, as they are among the failures of {@link EffectRow}
 * @param retriedCount how often libraries sent a request again since its start, of all phases
 */
public record RecoveryRow(
    @Inline At at,
    EventKind event,
    double askedMs,
    double watchedMs,
    double maxOverMeanBefore,
    double maxOverMeanBalanced,
    double newAtLeastPct,
    double balancedAfterMs,
    double balancedForMs,
    Broken broken,
    long failedCount,
    long retriedCount,
    Left left,
    Last last) {
  /** For so long balance is to hold, or for the rest of the measure phase if that is shorter. */
  public static final double HOLDS_MS = 5000;

  /** It is looked at by seconds: what is shorter is not told apart. */
  public static final double LOOKED_AT_MS = 1000;

  /**
   * Connections that were open at its start and broke.
   *
   * @param resetCount by a RST
   * @param timedOutCount by the kernel's time-out
   * @param goodbyeCount told to leave: GOAWAY, close frame, {@code Connection: close}
   * @param finCount closed by the pod's side without a word
   * @param errorCount otherwise
   * @param unawareP50Ms from the event's start, or the last reply if that came later, until the
   *     client saw it: the median; 0 where that reply said it, not a number if none broke
   * @param unawareMaxMs the longest
   */
  public record Broken(
      long resetCount,
      long timedOutCount,
      long goodbyeCount,
      long finCount,
      long errorCount,
      double unawareP50Ms,
      double unawareMaxMs) {
    /** All of them. */
    public long count() {
      return resetCount + timedOutCount + goodbyeCount + finCount + errorCount;
    }
  }

  /**
   * What still went to pods that left.
   *
   * @param podsCount how many left
   * @param openedCount connections to one whose opening began after all rules were without it
   * @param openCount connections that were on one then and still when the measure phase ended
   * @param answeredCount requests that they answered after they had left
   */
  public record Left(int podsCount, long openedCount, long openCount, long answeredCount) {}

  /**
   * The last that was seen of pods that left: whose endpoints did, or that ended, were killed or
   * fell silent. Times are after the event's start; not a number if nothing was seen since then, or
   * where a proxy stands between, for then a connection has no pod.
   *
   * @param replyAfterMs until the last reply on a connection at one; while connections stay there
   *     it is as late as it was looked, and no later than the pod came back if it did
   * @param requestAfterMs until the request was sent that the last of them was the answer to
   * @param connectionAfterMs until the last connection was begun that was given to one
   */
  public record Last(double replyAfterMs, double requestAfterMs, double connectionAfterMs) {}
}
