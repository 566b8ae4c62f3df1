package dev.conntrail.record;

/**
 * What a load process had of the CPU in the measure phase.
 *
 * @param processNs CPU time of its threads
 * @param runQueueNs time that its threads were ready to run and waited for a CPU, all of them
 *     together; not a number where the kernel does not say. A thread that ended meanwhile is not in
 *     it: what such threads waited is lost
 * @param cpus how many CPUs it may use, by its affinity and its quota
 * @param hostBusyPct CPU time in use on the whole machine, percent of all CPUs; not a number where
 *     the kernel does not say
 * @param hostStealPct CPU time that the hypervisor took away, likewise
 * @param gcCount how often Java collected garbage, for which all its threads stand still
 * @param gcMs how long that took together, in whole milliseconds for each time
 * @param gcPauseMs the longest time that they stood still for it: so many milliseconds at most, 1
 *     being less than one; 0 if there was none
 */
public record CpuUse(
    long processNs,
    double runQueueNs,
    int cpus,
    double hostBusyPct,
    double hostStealPct,
    long gcCount,
    long gcMs,
    long gcPauseMs) {}
