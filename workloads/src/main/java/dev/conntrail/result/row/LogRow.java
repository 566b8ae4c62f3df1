package dev.conntrail.result.row;

import dev.conntrail.spec.CellId;
import java.util.Optional;

/**
 * {@code log.csv}: what the run did when.
 *
 * @param repetition 0 for what belongs to the whole run
 */
public record LogRow(
    String run,
    Optional<CellId> cellId,
    int repetition,
    double atMs,
    Step step,
    Optional<String> detail) {}
