package dev.conntrail.result.row;

/**
 * {@code processes.csv} of a repetition: what each process of its traffic had of the machine.
 *
 * @param process its name
 * @param podsCount pods that it serves; 0 for others
 * @param cpuNs CPU time that it took in the measure phase
 * @param residentBytes memory that it had at the end of that; 0 if that is not known
 * @param peakBytes the most since the process began, in whichever repetition
 */
public record ProcessRow(
    @Inline At at,
    ProcessRole role,
    String process,
    int podsCount,
    double cpuNs,
    double residentBytes,
    double peakBytes) {}
