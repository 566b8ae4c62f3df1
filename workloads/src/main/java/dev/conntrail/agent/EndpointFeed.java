package dev.conntrail.agent;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What is said of the Service's endpoints while an order is carried out; the latest counts. */
public final class EndpointFeed {
  private Optional<List<String>> latest = Optional.empty();
  private Consumer<List<String>> listener = _ -> {};

  /** Has them told from now on, and what was said already. */
  public synchronized void to(Consumer<List<String>> told) {
    listener = told;
    latest.ifPresent(told);
  }

  synchronized void say(List<String> addresses) {
    latest = Optional.of(addresses);
    listener.accept(addresses);
  }
}
