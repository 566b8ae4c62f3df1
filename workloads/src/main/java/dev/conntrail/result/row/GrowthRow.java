package dev.conntrail.result.row;

import java.util.Optional;

/** {@code growth.csv}: one row a source, lookup, packet and target. */
public record GrowthRow(
    String run,
    Source source,
    Lookup lookup,
    Packet packet,
    Target target,
    Optional<Long> endpointsCount,
    Optional<Long> connectionsCount,
    long observationsCount,
    long fewestServicesCount,
    long mostServicesCount,
    double interceptNs,
    double slopeNs,
    double slopeLowNs,
    double slopeHighNs,
    double r2,
    double largestOverSmallest,
    double growthLowPct,
    double growthHighPct,
    Trend trend) {}
