package dev.conntrail.agent;

import dev.conntrail.posix.ProcessUse;
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
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Takes orders, one after the other, and answers each, until its input ends; then what is under way
 * drains, and the agent ends too, so that nothing outlives a run.
 */
public final class AgentLoop {
  /** What carries orders out; {@link Order.Clock} and {@link Order.Use} it never sees. */
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

    /**
     * What it has had of the machine: its own process, unless it runs a program.
     *
     * @throws IllegalStateException if that runs no more
     */
    default ProcessUse use() {
      return ProcessUse.own().orElseThrow();
    }
  }

  /** How an agent ends. */
  @FunctionalInterface
  public interface Ending {
    /**
     * Begins it; returns when it is over.
     *
     * @param answers gets what is said unasked
     */
    void begin(Consumer<Answer> answers) throws IOException, InterruptedException;
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
  private final Consumer<Answer> answers;
  private final BlockingQueue<Optional<Heard>> heard = new LinkedBlockingQueue<>();
  private final AtomicReference<Signals> current = new AtomicReference<>(new Signals());

  private AgentLoop(Source source, Consumer<Answer> answers) {
    this.source = source;
    this.answers = answers;
  }

  /** Serves on standard input and output. */
  public static void serve(Agent agent) throws InterruptedException {
    serve(standardInput(), System.out::println, agent);
  }

  /**
   * The same, and has the agent end in its own way when the process is told to (SIGTERM).
   *
   * @param ending says what there is to say, and returns when the process may be gone
   */
  public static void serve(Agent agent, Ending ending) throws InterruptedException {
    Consumer<Answer> answers = answers(System.out::println);
    Thread told =
        Thread.ofPlatform()
            .name("ending")
            .unstarted(() -> {
              try {
                ending.begin(answers);
              } catch (IOException e) {
                System.err.println("what there was to tell is lost: " + e.getMessage());
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(told);
    new AgentLoop(standardInput(), answers).serving(agent);
    try {
      Runtime.getRuntime().removeShutdownHook(told);
    } catch (IllegalStateException _) {
      told.join(); // it was told to end meanwhile
    }
  }

  private static Source standardInput() {
    return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))::readLine;
  }

  private static Consumer<Answer> answers(Consumer<String> lines) {
    Lock one = new ReentrantLock();
    return answer -> {
      one.lock();
      try {
        lines.accept(Codec.line(answer));
      } finally {
        one.unlock();
      }
    };
  }

  /**
   * Serves.
   *
   * @param lines gets the answers
   */
  public static void serve(Source source, Consumer<String> lines, Agent agent)
      throws InterruptedException {
    new AgentLoop(source, answers(lines)).serving(agent);
  }

  private void serving(Agent agent) throws InterruptedException {
    Thread.ofPlatform().daemon().name("orders").start(this::listen);
    carryOut(agent);
  }

  /** What an agent says to an order that is none of its own. */
  public static IllegalArgumentException refusal(Order order, String allowed) {
    return new IllegalArgumentException(
        "found the order " + order.getClass().getSimpleName() + "; allowed here: " + allowed);
  }

  private void carryOut(Agent agent) throws InterruptedException {
    for (Optional<Heard> next = heard.take(); next.isPresent(); next = heard.take()) {
      if (next.get().order().isEmpty()) {
        answers.accept(new Answer.Refused(next.get().why()));
        continue;
      }
      try {
        switch (next.get().order().get()) {
          case Order.Clock _ ->
              answers.accept(
                  new Answer.Clock(ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now())));
          case Order.Use _ -> answers.accept(new Answer.Used(agent.use()));
          case Order own -> agent.carryOut(own, current.get(), answers);
        }
      } catch (IOException | RuntimeException e) {
        answers.accept(new Answer.Refused(why(e)));
      }
      current.set(new Signals());
    }
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
