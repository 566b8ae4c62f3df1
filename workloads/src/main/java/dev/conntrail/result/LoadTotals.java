package dev.conntrail.result;

/**
 * {@code totals.json} of a load process; the fields are those of {@code LoadOutcome}.
 *
 * @param startMs wall clock, milliseconds since the epoch
 * @param measureStartMs wall clock
 * @param measuredNs length of the measure phase
 * @param due requests due in it
 * @param answered of these
 * @param errors failed requests
 * @param unfinished requests without an answer at the end of the drain
 * @param cpuNs CPU time of the process
 * @param hostBusyPct CPU time in use on the machine; null if unknown
 * @param hostStealPct CPU time taken by the hypervisor; null if unknown
 * @param drainedEarly told to stop before its time
 */
public record LoadTotals(
    long startMs,
    long measureStartMs,
    long measuredNs,
    long due,
    long answered,
    long errors,
    long unfinished,
    long cpuNs,
    Double hostBusyPct,
    Double hostStealPct,
    boolean drainedEarly) {}
