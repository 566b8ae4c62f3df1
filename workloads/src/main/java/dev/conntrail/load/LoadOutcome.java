package dev.conntrail.load;

import dev.conntrail.record.LedgerEntry;
import dev.conntrail.record.Recording;
import java.util.List;
import java.util.Map;

/**
 * What one load process saw.
 *
 * @param agreedNs when the first phase was to begin, {@link System#nanoTime()}: the same instant
 *     for all processes of a repetition
 * @param startMs when it began in this one, milliseconds since the epoch
 * @param measureStartMs wall clock, when the measure phase began
 * @param measuredNs how long the measure phase was
 * @param intervals histograms, a second each; the first holds only what the warm-up leaves (connect
 *     times)
 * @param ledger every connection
 * @param errors failed requests by kind
 * @param due requests that were due in the measure phase
 * @param answered of these, how many were answered
 * @param unfinished of all requests, how many had no answer when the drain ended
 * @param cpuNs CPU time of this process in the measure phase
 * @param hostBusyPct CPU time in use on the whole machine in the measure phase, percent of all CPUs
 * @param hostStealPct CPU time that the hypervisor took away
 * @param drainedEarly whether it was told to stop before its time
 */
public record LoadOutcome(
    long agreedNs,
    long startMs,
    long measureStartMs,
    long measuredNs,
    List<Recording.Interval> intervals,
    List<LedgerEntry> ledger,
    Map<String, Long> errors,
    long due,
    long answered,
    long unfinished,
    long cpuNs,
    double hostBusyPct,
    double hostStealPct,
    boolean drainedEarly) {}
