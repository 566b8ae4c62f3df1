package dev.conntrail.result;

import dev.conntrail.record.CpuShortage;
import dev.conntrail.record.CpuUse;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code totals.json} of a load process; the fields are those of {@code LoadOutcome}.
 *
 * @param startMs wall clock, milliseconds since the epoch
 * @param measureStartMs wall clock
 * @param measuredNs length of the measure phase
 * @param due requests due in it; in a closed loop, sent in it
 * @param answered of these
 * @param dueFailed of those due, failed
 * @param dueUnanswered of those due, without an answer at the end of the drain
 * @param errors failed requests and connects, all phases
 * @param statuses of HTTP, how many replies of all phases and of first exchanges had one of a class
 *     ({@code 2xx}), those too that are no answer; none where the client does not read them
 * @param unfinished requests without an answer at the end of the drain, all phases
 * @param retried how often a library sent a request again, all phases
 * @param cpu what the measure phase took of the CPU
 * @param pacingLagP99Ns 99th percentile of the lag of requests that found their caller free; none
 *     if there was no such request
 * @param drainedEarly told to stop before its time
 * @param heldBytes of Java's heap that connections held before the first phase; none where that was
 *     not read
 */
public record LoadTotals(
    long startMs,
    long measureStartMs,
    long measuredNs,
    long due,
    long answered,
    long dueFailed,
    long dueUnanswered,
    long errors,
    Map<String, Long> statuses,
    long unfinished,
    long retried,
    CpuUse cpu,
    Optional<Double> pacingLagP99Ns,
    boolean drainedEarly,
    Optional<Double> heldBytes) {
  /** Statuses in their order. */
  public LoadTotals {
    statuses = Collections.unmodifiableMap(new TreeMap<>(statuses));
  }

  /** Whether the client had too little of the CPU, so that its times are partly its own. */
  public boolean shortOfCpu() {
    return CpuShortage.is(pacingLagP99Ns.orElse(Double.NaN), cpu, measuredNs);
  }
}
