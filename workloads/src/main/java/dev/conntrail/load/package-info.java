/**
 * Drives traffic: an {@link dev.conntrail.load.Engine} carries out a plan. That of client libraries
 * is here, with what engines share, and knows a protocol only as a {@link
 * dev.conntrail.load.client.Caller}; {@code client} has a library each. The event loop is in {@code
 * loop}, its protocols in {@code codec}. Fire times are in {@code schedule}.
 */
package dev.conntrail.load;
