package dev.conntrail.result.row;

import dev.conntrail.spec.CellId;

/**
 * {@code herds.csv}: one row for each tenth of an age of a cell whose connections began together;
 * all repetitions together.
 *
 * @param fromMs its beginning, after the start: when connections of a repetition began, on average
 * @param toMs its end
 * @param openedCount connections that were opened anew in it
 * @param expectedCount how many theory has
 * @param leastCount the fewest that it has on average, however late each connection is used next
 * @param mostCount the most
 */
public record HerdRow(
    String run,
    CellId cellId,
    double fromMs,
    double toMs,
    long openedCount,
    double expectedCount,
    double leastCount,
    double mostCount) {}
