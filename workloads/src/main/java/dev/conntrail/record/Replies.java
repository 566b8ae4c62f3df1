package dev.conntrail.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;

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

  /** Times of a bin are told apart from here on: a microsecond. */
  private static final long SMALLEST_NS = 1000;

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
   * Response times of requests of the measure phase that were due in a bin, nanoseconds.
   *
   * @param atMs its start, in milliseconds after the start
   * @param answered until the reply
   * @param censored until they failed or were given up
   */
  public record Due(long atMs, Histogram answered, Histogram censored) {
    private Due plus(Due other) {
      return new Due(atMs, packed(answered, other.answered), packed(censored, other.censored));
    }
  }

  /**
   * Times of one bin. There may be thousands of bins, and a wide histogram for each would take
   * gigabytes: one that is not much used any more is packed.
   */
  private static final class Times {
    private Histogram answered = small();
    private Histogram censored = small();

    private static Histogram small() {
      Histogram h = new Histogram(SMALLEST_NS, 2 * SMALLEST_NS, SIGNIFICANT_DIGITS);
      h.setAutoResize(true);
      return h;
    }

    void pack() {
      answered = packed(answered);
      censored = packed(censored);
    }

    Due due(long atMs) {
      return new Due(atMs, packed(answered), packed(censored));
    }
  }

  /** All their values in as little memory as they need; recording into it takes longer. */
  private static Histogram packed(Histogram... parts) {
    Histogram packed = new PackedHistogram(SMALLEST_NS, 2 * SMALLEST_NS, SIGNIFICANT_DIGITS);
    packed.setAutoResize(true);
    for (Histogram part : parts) {
      packed.add(part);
    }
    return packed;
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

    /** A measured request took so long. */
    public void took(long responseNs) {
      response.recordValue(Math.clamp(responseNs, 0, Recording.LONGEST_NS));
    }
  }

  private final long startNs;
  private final int bins;
  private final Map<String, OfPod> pods = new ConcurrentHashMap<>();
  private final BinCounts failed;
  private final BinCounts retried;
  private final Times[] due;
  private int firstWide;

  /**
   * Counters for a run.
   *
   * @param startNs when the first bin begins, {@link System#nanoTime()}
   * @param endNs when the run ends at the latest; the last bin takes what comes later
   */
  public Replies(long startNs, long endNs) {
    this.startNs = startNs;
    this.bins = Math.toIntExact((endNs - startNs) / BIN_NS + 1);
    this.failed = new BinCounts(bins);
    this.retried = new BinCounts(bins);
    this.due = new Times[bins];
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

  /** A measured request that was due then was answered after that time. */
  public void took(long dueNs, long responseNs) {
    times(dueNs).answered.recordValue(Math.clamp(responseNs, 0, Recording.LONGEST_NS));
  }

  /** A measured request that was due then failed, or was given up, after that time. */
  public void gaveUp(long dueNs, long afterNs) {
    times(dueNs).censored.recordValue(Math.clamp(afterNs, 0, Recording.LONGEST_NS));
  }

  private Times times(long dueNs) {
    int bin = bin(dueNs);
    if (due[bin] == null) {
      due[bin] = new Times();
      pack(bin - WIDE_BINS);
    }
    return due[bin];
  }

  /** Packs those up to a bin. */
  private void pack(int last) {
    for (; firstWide <= last; firstWide++) {
      if (due[firstWide] != null) {
        due[firstWide].pack();
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
    List<Due> times = new ArrayList<>();
    for (int bin = 0; bin < bins; bin++) {
      if (due[bin] != null) {
        times.add(due[bin].due(bin * BIN_MS));
      }
    }
    return new Seen(all, failed.counts(BIN_MS), retried.counts(BIN_MS), times);
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
