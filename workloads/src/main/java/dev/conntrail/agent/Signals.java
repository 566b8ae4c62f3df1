package dev.conntrail.agent;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * What may be said to an order while it is carried out.
 *
 * @param stop counted down when it is to end early
 * @param begin when its phases begin, milliseconds since the epoch
 * @param endpoints of the Service
 */
public record Signals(CountDownLatch stop, CompletableFuture<Long> begin, EndpointFeed endpoints) {
  /** Nothing is said yet. */
  public Signals() {
    this(new CountDownLatch(1), new CompletableFuture<>(), new EndpointFeed());
  }

  /** What has not begun begins now, and ends at once. */
  void drain() {
    stop.countDown();
    begin.complete(System.currentTimeMillis());
  }

  void say(Order.Signal signal) {
    switch (signal) {
      case Order.Begin(long epochMs) -> begin.complete(epochMs);
      case Order.Endpoints(List<String> addresses) -> endpoints.say(addresses);
      case Order.Drain _, Order.End _ -> drain();
    }
  }
}
