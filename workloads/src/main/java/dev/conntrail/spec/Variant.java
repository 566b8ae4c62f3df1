package dev.conntrail.spec;

/**
 * A data plane with what is set of it alone: what cells that stand side by side differ in.
 *
 * @param text the words a person would use: "ipvs-rr, conn-reuse-mode 0"
 * @param values the data plane, and those of axes that mean nothing to others
 */
public record Variant(String text, AxisValues values) {}
