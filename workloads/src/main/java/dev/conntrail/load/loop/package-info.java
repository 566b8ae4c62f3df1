/**
 * The event loop: a thread a core, each with its own connections, its slice of the schedule and its
 * own recorders; nothing is shared on the way of a request but the clock and the ledger that
 * connections are born into.
 */
package dev.conntrail.load.loop;
