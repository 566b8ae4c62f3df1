package dev.conntrail.result.row;

/** {@code clocks.csv}: one row a load process: its clock against that of who gave the orders. */
public record ClockRow(
    String run, String client, String node, double atMs, double offsetNs, double offsetErrorNs) {}
