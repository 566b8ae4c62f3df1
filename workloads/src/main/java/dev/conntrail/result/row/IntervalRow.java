package dev.conntrail.result.row;

/** {@code intervals.csv} of a repetition: one row a client and second. */
public record IntervalRow(
    @Inline At at,
    String client,
    double startMs,
    double lengthMs,
    long answeredCount,
    long failedCount,
    double responseP50Ns,
    double responseP99Ns,
    double responseMaxNs,
    double sendLagP99Ns,
    double connectP50Ns) {}
