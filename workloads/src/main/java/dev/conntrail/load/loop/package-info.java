/**
 * The event loop: a thread a core, each with its own connections, its slice of the schedule, its
 * recorders and its rows of the ledger; nothing is shared on the way of a request but the clock.
 */
package dev.conntrail.load.loop;
