package dev.conntrail.spec;

/**
 * A cell that is not run.
 *
 * @param cell as the experiment has it
 * @param why said after "for"
 */
public record LeftOut(Cell cell, String why) {}
