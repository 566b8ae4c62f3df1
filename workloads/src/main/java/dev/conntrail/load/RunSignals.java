package dev.conntrail.load;

import java.util.concurrent.CountDownLatch;

/**
 * What a run is told while it goes on.
 *
 * @param stop counted down to drain early
 * @param start awaited between connecting and the first phase
 */
public record RunSignals(CountDownLatch stop, StartSignal start) {}
