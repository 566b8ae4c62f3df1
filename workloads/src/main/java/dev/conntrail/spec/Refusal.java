package dev.conntrail.spec;

/**
 * Why no cell can have a value of an axis.
 *
 * @param found what was found
 * @param allowed what is allowed
 */
public record Refusal(String found, String allowed) {}
