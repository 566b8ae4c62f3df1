/**
 * Protocols as a client speaks them, on bytes alone: what is sent is written into an {@link
 * dev.conntrail.load.codec.Output}, what came is read from an array, whole or in pieces. No
 * sockets, no threads, no clocks, and nothing allocated for a request that is answered as the last
 * one was.
 */
package dev.conntrail.load.codec;
