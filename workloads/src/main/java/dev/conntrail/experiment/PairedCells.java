package dev.conntrail.experiment;

import dev.conntrail.spec.Cell;

/**
 * Cells of two sides that are compared.
 *
 * @param a of side a
 * @param b of side b
 * @param control whether they are the same without a Service, beside others that have one: no
 *     difference is to be seen
 */
public record PairedCells(Cell a, Cell b, boolean control) {}
