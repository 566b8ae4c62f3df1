package dev.conntrail.result.row;

/** {@code errors.csv} of a repetition: one row a client and kind. */
public record ErrorRow(@Inline At at, String client, String error, long requestsCount) {}
