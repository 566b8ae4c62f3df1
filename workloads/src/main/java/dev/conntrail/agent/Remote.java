package dev.conntrail.agent;

import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An agent as seen from where its orders come from, whatever the wire is. */
public final class Remote implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);

  private final String name;
  private final Wire wire;
  private final BlockingQueue<Optional<Heard>> answers = new LinkedBlockingQueue<>();
  private final CompletableFuture<Boolean> told = new CompletableFuture<>();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private volatile Optional<Answer.Files> lastWords = Optional.empty();

  /** Answers that are still to come, and that nobody waits for any more. */
  private int owed;

  private Remote(String name, Wire wire) {
    this.name = name;
    this.wire = wire;
    // no virtual one: it keeps the thread under it for as long as the agent says nothing
    Thread.ofPlatform().daemon().start(this::listen);
  }

  /** A line that was heard: an answer, or why it is none. */
  private record Heard(Optional<Answer> answer, String why) {
    static Heard of(String line) {
      try {
        return new Heard(Optional.of(Codec.answer(line)), "");
      } catch (IllegalArgumentException e) {
        return new Heard(Optional.empty(), e.getMessage());
      }
    }
  }

  private void listen() {
    Optional<Heard> heard;
    do {
      heard = wire.receive().map(Heard::of);
      switch (heard.flatMap(Heard::answer).orElse(null)) {
        case Answer.ToldToEnd() -> told.complete(true);
        case Answer.LastWords(Answer.Files files) -> lastWords = Optional.of(files);
        case null, default -> answers.add(heard);
      }
    } while (heard.isPresent());
    told.complete(false);
    ended.complete(true);
  }

  /** Waits until its process was told to end, or has ended; whether it was told. */
  boolean awaitTold() throws InterruptedException {
    return get(told);
  }

  /** Waits until it says nothing more, ever. */
  void awaitEnd() throws InterruptedException {
    get(ended);
  }

  /** Whether its process was told to end, as far as is known. */
  boolean told() {
    return told.getNow(false);
  }

  /**
   * What it had to tell when it ended; empty if it had no time for it.
   *
   * @param limit how long its end is waited for, if it was told to
   */
  Optional<Answer.Files> lastWords(Duration limit) {
    try {
      ended.get(told() ? limit.toMillis() : 0, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      // what it has said so far counts
    }
    return lastWords;
  }

  private static <T> T get(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Waits until the agent at the other end answers.
   *
   * @param name what errors call it
   */
  public static Remote start(String name, Wire wire) {
    return start(name, wire, READY_LIMIT);
  }

  /** The same where that may take longer. */
  public static Remote start(String name, Wire wire, Duration limit) {
    Remote started = new Remote(name, wire);
    try {
      started.ask(new Order.Clock(), Answer.Clock.class, limit);
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
  }

  /** Gives an order, and does not wait. */
  public void tell(Order order) {
    try {
      wire.send(Codec.line(order));
    } catch (IOException e) {
      throw new TestbedException(name + " takes no orders: " + wire.lastWords(), e);
    }
  }

  /**
   * Gives an order and waits for its answer. Where somebody has waited in vain before, or was
   * interrupted, the answer that is still to come is waited for first: it is not this order's.
   *
   * @throws TestbedException if the answer is another, or none comes in time
   */
  public synchronized <A extends Answer> A ask(Order order, Class<A> expected, Duration limit) {
    for (; owed > 0; owed--) {
      hear(limit);
    }
    tell(order);
    owed++;
    Heard heard = hear(limit);
    owed--;
    return expected(answer(heard), expected);
  }

  /**
   * Waits for an answer.
   *
   * @throws TestbedException if it is another, or none comes in time, with the agent's last words
   */
  public <A extends Answer> A await(Class<A> expected, Duration limit) {
    return expected(await(limit), expected);
  }

  private <A extends Answer> A expected(Answer answer, Class<A> expected) {
    if (expected.isInstance(answer)) {
      return expected.cast(answer);
    }
    throw new TestbedException(
        name
            + " answered "
            + answer.getClass().getSimpleName()
            + " where "
            + expected.getSimpleName()
            + " was expected");
  }

  /**
   * Waits for any answer.
   *
   * @throws TestbedException if it is a refusal, or none comes in time
   */
  public Answer await(Duration limit) {
    return answer(hear(limit));
  }

  private Heard hear(Duration limit) {
    try {
      Optional<Heard> heard = answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (heard == null) {
        throw new TestbedException(
            name + " did not answer in " + limit.toSeconds() + " s: " + wire.lastWords());
      }
      if (heard.isEmpty()) {
        answers.add(heard);
        throw new TestbedException(name + " " + wire.ending() + ": " + wire.lastWords());
      }
      return heard.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while waiting for " + name, e);
    }
  }

  private Answer answer(Heard heard) {
    Answer answer =
        heard
            .answer()
            .orElseThrow(
                () -> new TestbedException(name + " said what is no answer: " + heard.why()));
    if (answer instanceof Answer.Refused(String why)) {
      throw new TestbedException(name + ": " + why);
    }
    return answer;
  }

  /** Whether it is there. */
  boolean alive() {
    return wire.alive();
  }

  @Override
  public void close() {
    wire.close();
  }
}
