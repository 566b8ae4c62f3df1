package dev.conntrail.result.row;

import java.util.List;

/**
 * {@code ratios.csv}: one row a comparison of like with like: the same numbers of Services and the
 * same statistic on both sides.
 *
 * @param lookup of both sides; of a comparison of layouts, the lower side's
 * @param target of both sides; of a comparison of targets, the upper side's
 * @param servicesCounts the numbers of Services that both sides have
 * @param upperLoadsCount independent loads, or forks, above the line
 * @param lowerLoadsCount below it
 * @param upperNs above the line: nanoseconds a Service, or a cost
 * @param lowerNs below it
 * @param ratio of the two
 * @param ratioLow lower end of its 95 % interval
 * @param ratioHigh upper end
 */
public record RatioRow(
    String run,
    Comparison comparison,
    Lookup lookup,
    Packet packet,
    Target target,
    List<Long> servicesCounts,
    int upperLoadsCount,
    int lowerLoadsCount,
    double upperNs,
    double lowerNs,
    double ratio,
    double ratioLow,
    double ratioHigh) {}
