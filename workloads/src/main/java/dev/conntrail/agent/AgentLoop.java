package dev.conntrail.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Takes orders, one after the other, and answers each, until its input ends; then what is under way
 * drains, and the agent ends too, so that nothing outlives a run.
 */
public final class AgentLoop {
  /** What carries orders out; {@link Order.Clock} it never sees. */
  @FunctionalInterface
  public interface Agent {
    /**
     * Carries an order out.
     *
     * @param signals that are said meanwhile
     * @param answers gets at least one
     * @throws IllegalArgumentException if it is none of this agent's
     */
    void carryOut(Order order, Signals signals, Consumer<Answer> answers)
        throws IOException, InterruptedException;
  }

  /** Where orders come from. */
  @FunctionalInterface
  public interface Source {
    /** Waits for the next line; null at the end. */
    String next() throws IOException, InterruptedException;
  }

  /** A line that was heard: an order, or why it is none. */
  private record Heard(Optional<Order> order, String why) {}

  private final Source source;
  private final Consumer<String> lines;
  private final BlockingQueue<Optional<Heard>> heard = new LinkedBlockingQueue<>();
  private final AtomicReference<Signals> current = new AtomicReference<>(new Signals());

  private AgentLoop(Source source, Consumer<String> lines) {
    this.source = source;
    this.lines = lines;
  }

  /** Serves on standard input and output. */
  public static void serve(Agent agent) throws InterruptedException {
    serve(
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))::readLine,
        System.out::println,
        agent);
  }

  /**
   * Serves.
   *
   * @param lines gets the answers
   */
  public static void serve(Source source, Consumer<String> lines, Agent agent)
      throws InterruptedException {
    AgentLoop loop = new AgentLoop(source, lines);
    Thread.ofPlatform().daemon().name("orders").start(loop::listen);
    loop.carryOut(agent);
  }

  /** What an agent says to an order that is none of its own. */
  public static IllegalArgumentException refusal(Order order, String allowed) {
    return new IllegalArgumentException(
        "found the order " + order.getClass().getSimpleName() + "; allowed here: " + allowed);
  }

  private void carryOut(Agent agent) throws InterruptedException {
    for (Optional<Heard> next = heard.take(); next.isPresent(); next = heard.take()) {
      if (next.get().order().isEmpty()) {
        answer(new Answer.Refused(next.get().why()));
        continue;
      }
      try {
        if (next.get().order().get() instanceof Order.Clock) {
          answer(new Answer.Clock(ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now())));
        } else {
          agent.carryOut(next.get().order().get(), current.get(), this::answer);
        }
      } catch (IOException | RuntimeException e) {
        answer(new Answer.Refused(why(e)));
      }
      current.set(new Signals());
    }
  }

  private synchronized void answer(Answer answer) {
    lines.accept(Codec.line(answer));
  }

  private static String why(Exception e) {
    return String.valueOf(e.getMessage() == null ? e : e.getMessage())
        .lines()
        .findFirst()
        .orElse("failed");
  }

  private void listen() {
    try {
      for (String line = source.next(); line != null && hear(line); line = source.next()) {
        // until the end
      }
    } catch (IOException | InterruptedException _) {
      // as good as the end
    }
    current.get().drain();
    heard.add(Optional.empty());
  }

  /** False at the last. */
  private boolean hear(String line) {
    try {
      Order order = Codec.order(line);
      if (order instanceof Order.Signal signal) {
        current.get().say(signal);
      } else {
        heard.add(Optional.of(new Heard(Optional.of(order), "")));
      }
      return !(order instanceof Order.End);
    } catch (IllegalArgumentException e) {
      heard.add(Optional.of(new Heard(Optional.empty(), why(e))));
      return true;
    }
  }
}
