package dev.conntrail.result.row;

import dev.conntrail.spec.CellId;

/**
 * {@code new_shares.csv}: one row for each moment after pods joined of a cell whose connections
 * have a maximum age; all repetitions together.
 *
 * @param afterMs the moment, after the last pod had joined
 * @param openCount connections that lead to a pod and were open then
 * @param newCount of these, on pods that joined
 * @param expectedPct share that theory has on these pods
 * @param leastPct the least that it has, however late each connection is next used
 * @param mostPct the most
 */
public record NewShareRow(
    String run,
    CellId cellId,
    double afterMs,
    long openCount,
    long newCount,
    double expectedPct,
    double leastPct,
    double mostPct) {}
