package dev.conntrail.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.Histogram;

/**
 * Who answered when: replies of each pod in bins of time, and the response times of each. A pod's
 * counters are made at its first reply. For one thread; where several share it, they take turns at
 * all but {@link #of}.
 */
public final class Replies {
  /** Length of a bin, milliseconds. */
  public static final long BIN_MS = 100;

  /**
   * Two significant digits for a single pod: 36 KB each in place of 262, for there may be hundreds.
   */
  public static final int SIGNIFICANT_DIGITS = 2;

  /** What the tag of a pod's histogram begins with; its name follows. */
  public static final String TAG = Metric.RESPONSE.tag() + ".";

  private static final long BIN_NS = BIN_MS * 1_000_000;

  /** Bins whose times are not packed: those of the last two seconds, into which most are noted. */
  private static final int WIDE_BINS = 20;

  /**
   * What was seen.
   *
   * @param pods that answered anything
   * @param failed requests that failed, by the start of the bin, in milliseconds after the start
   * @param retried likewise, how often a library sent a request again
   * @param due response times by when requests were due; bins without any are left out
   */
  public record Seen(
      List<Pod> pods, SortedMap<Long, Long> failed, SortedMap<Long, Long> retried, List<Due> due) {}

  /**
   * Requests of the measure phase that were due in a bin: how many the schedule had, which is
   * counted as it has them, and the response times of those that ended, nanoseconds.
   *
   * @param atMs its start, in milliseconds after the start
   * @param count how many were due
   * @param failed of these, how many failed
   * @param unanswered of these, how many had no answer when the drain ended
   * @param answered until the reply
   * @param censored until they failed or were given up
   */
  public record Due(
      long atMs, long count, long failed, long unanswered, Histogram answered, Histogram censored) {
    private Due plus(Due other) {
      return new Due(
          atMs,
          count + other.count,
          failed + other.failed,
          unanswered + other.unanswered,
          BinTimes.packed(answered, other.answered),
          BinTimes.packed(censored, other.censored));
    }
  }

  /**
   * What a pod answered.
   *
   * @param name its name
   * @param answered requests of all phases, by the start of the bin, in milliseconds after the
   *     start; bins without any are left out
   * @param response response times of those that were due in the measure phase, nanoseconds
   */
  public record Pod(String name, SortedMap<Long, Long> answered, Histogram response) {
    private Pod plus(Pod other) {
      SortedMap<Long, Long> both = new TreeMap<>(answered);
      other.answered.forEach((at, n) -> both.merge(at, n, Long::sum));
      return new Pod(name, both, sum(response, other.response));
    }
  }

  /** The counters of one pod. */
  public final class OfPod {
    private final String name;
    private final BinCounts answered = new BinCounts(bins);
    private final Histogram response = new Histogram(Recording.LONGEST_NS, SIGNIFICANT_DIGITS);
    private final Histogram[] responses = {rehearsed, response};

    private OfPod(String name) {
      this.name = name;
    }

    /** The pod's name. */
    public String name() {
      return name;
    }

    /** About how much memory it takes. */
    int bytes() {
      return answered.length() * Integer.BYTES + response.getEstimatedFootprintInBytes();
    }

    /** A reply came then, {@link System#nanoTime()}. */
    public void answered(long atNs) {
      answered.add(bin(atNs));
    }

    /**
     * A request took so long.
     *
     * @param measured 1, or 0 if it was not: then it goes where nobody looks
     */
    public void took(int measured, long responseNs) {
      responses[measured].recordValue(Math.clamp(responseNs, 0, Recording.LONGEST_NS));
    }
  }

  private final long startNs;
  private final int bins;
  private final Histogram rehearsed = new Histogram(Recording.LONGEST_NS, SIGNIFICANT_DIGITS);
  private final Map<String, OfPod> pods = new ConcurrentHashMap<>();
  private final BinCounts failed;
  private final BinCounts retried;
  private final BinCounts due;
  private final BinCounts dueFailed;
  private final BinCounts dueUnanswered;
  private final BinTimes[] times;
  private int firstWide;

  /**
   * Counters for a run.
   *
   * @param startNs when the first bin begins, {@link System#nanoTime()}
   * @param endNs when the run ends at the latest; the last bin takes what comes later
   */
  public Replies(long startNs, long endNs) {
    this(startNs, Math.toIntExact((endNs - startNs) / BIN_NS + 1));
  }

  private Replies(long startNs, int bins) {
    this.startNs = startNs;
    this.bins = bins;
    this.failed = new BinCounts(bins);
    this.retried = new BinCounts(bins);
    this.due = new BinCounts(bins);
    this.dueFailed = new BinCounts(bins);
    this.dueUnanswered = new BinCounts(bins);
    this.times = new BinTimes[bins];
  }

  /** Counters with the same bins. */
  public Replies another() {
    return new Replies(startNs, bins);
  }

  /** The counters of a pod. Any thread may ask. */
  public OfPod of(String pod) {
    return pods.computeIfAbsent(pod, OfPod::new);
  }

  /** A request failed then. */
  public void failed(long atNs) {
    failed.add(bin(atNs));
  }

  /** A library sent a request again then. */
  public void retried(long atNs) {
    retried.add(bin(atNs));
  }

  /** A measured request is due then; for one thread, whatever others do. */
  public void due(long dueNs) {
    due.add(bin(dueNs));
  }

  /** A measured request that was due then was answered after that time. */
  public void took(long dueNs, long responseNs) {
    times(dueNs).answered().recordValue(Math.clamp(responseNs, 0, Recording.LONGEST_NS));
  }

  /** A measured request that was due then failed after that time. */
  public void failed(long dueNs, long afterNs) {
    dueFailed.add(bin(dueNs));
    censored(dueNs, afterNs);
  }

  /** A measured request that was due then was given up after that time, at the drain's end. */
  public void gaveUp(long dueNs, long afterNs) {
    dueUnanswered.add(bin(dueNs));
    censored(dueNs, afterNs);
  }

  private void censored(long dueNs, long afterNs) {
    times(dueNs).censored().recordValue(Math.clamp(afterNs, 0, Recording.LONGEST_NS));
  }

  private BinTimes times(long dueNs) {
    int bin = bin(dueNs);
    if (times[bin] == null) {
      times[bin] = new BinTimes();
      pack(bin - WIDE_BINS);
    }
    return times[bin];
  }

  /** Packs those up to a bin. */
  private void pack(int last) {
    for (; firstWide <= last; firstWide++) {
      if (times[firstWide] != null) {
        times[firstWide].pack();
      }
    }
  }

  private int bin(long atNs) {
    return Math.clamp((atNs - startNs) / BIN_NS, 0, bins - 1);
  }

  /** What was counted so far, pods in order of their names. */
  public Seen seen() {
    List<Pod> all = new ArrayList<>();
    new TreeMap<>(pods)
        .forEach((name, pod) -> all.add(new Pod(name, pod.answered.counts(BIN_MS), tagged(pod))));
    List<Due> byDue = new ArrayList<>();
    for (int bin = 0; bin < bins; bin++) {
      if (times[bin] != null || due.in(bin) > 0) {
        byDue.add(due(bin));
      }
    }
    return new Seen(all, failed.counts(BIN_MS), retried.counts(BIN_MS), byDue);
  }

  private Due due(int bin) {
    BinTimes took = times[bin] == null ? new BinTimes() : times[bin];
    return new Due(
        bin * BIN_MS,
        due.in(bin),
        dueFailed.in(bin),
        dueUnanswered.in(bin),
        BinTimes.packed(took.answered()),
        BinTimes.packed(took.censored()));
  }

  private static Histogram tagged(OfPod pod) {
    Histogram response = pod.response.copy();
    response.setTag(TAG + pod.name);
    return response;
  }

  /** What several threads counted, all from the same start. */
  public static Seen joined(List<Seen> parts) {
    SortedMap<String, Pod> pods = new TreeMap<>();
    SortedMap<Long, Long> failures = new TreeMap<>();
    SortedMap<Long, Long> again = new TreeMap<>();
    SortedMap<Long, Due> times = new TreeMap<>();
    for (Seen part : parts) {
      part.pods.forEach(p -> pods.merge(p.name(), p, Pod::plus));
      part.failed.forEach((at, n) -> failures.merge(at, n, Long::sum));
      part.retried.forEach((at, n) -> again.merge(at, n, Long::sum));
      part.due.forEach(d -> times.merge(d.atMs(), d, Due::plus));
    }
    return new Seen(List.copyOf(pods.values()), failures, again, List.copyOf(times.values()));
  }

  private static Histogram sum(Histogram a, Histogram b) {
    Histogram sum = new Histogram(SIGNIFICANT_DIGITS);
    sum.add(a);
    sum.add(b);
    sum.setTag(a.getTag());
    return sum;
  }
}
