package dev.conntrail.load.client;

import dev.conntrail.record.Ledger;
import dev.conntrail.record.LedgerEntry;
import dev.conntrail.spec.KeepAlive;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Clients of which nothing is asked but to send, for tests. */
public final class PlainClients {
  private PlainClients() {}

  /** Connections that are kept for as long as they last, and are not timed. */
  public static Connections connections(String target, Ledger ledger) {
    return connections(new Targets(List.of(target)), ledger, Lifetimes.ENDLESS);
  }

  /** The same, whose first exchange may take so long. */
  static Connections connections(String target, FirstExchange first) {
    return connections(new Targets(List.of(target)), new Ledger(), Lifetimes.ENDLESS, first);
  }

  /** The same, used for so long. */
  public static Connections connections(Targets targets, Ledger ledger, Lifetimes lifetimes) {
    return connections(targets, ledger, lifetimes, FirstExchange.USUAL);
  }

  private static Connections connections(
      Targets targets, Ledger ledger, Lifetimes lifetimes, FirstExchange first) {
    return new Connections(
        targets,
        ledger,
        _ -> {},
        new KeepAlives(KeepAlive.NONE, 1),
        new LocalPorts(0),
        lifetimes,
        () -> true,
        () -> {},
        first);
  }

  /** Sends a request; its answer. */
  public static CompletableFuture<String> send(Caller caller) {
    CompletableFuture<String> line = new CompletableFuture<>();
    caller.send(
        new Reply() {
          @Override
          public void replied(int status) {
            // nobody asks
          }

          @Override
          public void arrived(LedgerEntry connection, String answer) {
            line.complete(answer);
          }

          @Override
          public void failed(Throwable why) {
            line.completeExceptionally(why);
          }
        });
    return line;
  }
}
