package dev.conntrail.result.row;

/** {@code counters.csv} of a repetition: one row a counter. */
public record CounterRow(@Inline At at, String source, String counter, double value) {}
