package dev.conntrail.result.row;

/**
 * {@code echo.csv} of a repetition: what the pods themselves counted, one row a connection.
 *
 * @param seen by the pod
 */
public record EchoRow(@Inline At at, @Inline EchoCount seen) {}
