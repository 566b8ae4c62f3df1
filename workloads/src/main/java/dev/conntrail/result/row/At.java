package dev.conntrail.result.row;

import dev.conntrail.spec.CellId;

/**
 * Which repetition a row belongs to: the first columns of most tables.
 *
 * @param run the run's name
 * @param cellId the cell's short name
 * @param repetition from 1
 */
public record At(String run, CellId cellId, int repetition) {}
