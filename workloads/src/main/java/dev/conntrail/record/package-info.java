/**
 * What was seen: histograms by interval, and a ledger with a row for each connection; median and
 * percentile of it. No I/O.
 */
package dev.conntrail.record;
