package dev.conntrail.experiment;

import dev.conntrail.testbed.TestbedException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process of this program that takes orders, a line each, on its standard input, and answers each
 * with a line. It ends when its input does, so it never outlives the run.
 */
public final class OrderedProcess implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final Duration END_LIMIT = Duration.ofSeconds(5);
  private static final String ENDED = "";

  /** Begins what it says unasked, when it is told to end. */
  private static final String LAST_WORDS = "ended ";

  private static final int LOG_LINES = 5;

  private final String name;
  private final Process process;
  private final Path log;
  private final BufferedWriter orders;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final CompletableFuture<Optional<String>> lastWords = new CompletableFuture<>();
  private final CountDownLatch gone = new CountDownLatch(1);

  private OrderedProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual().start(this::readAnswers);
  }

  /**
   * Takes charge of a process and waits until it says that it is ready.
   *
   * @param name what errors call it
   * @param log where its standard error goes
   */
  public static OrderedProcess start(String name, Process process, Path log) {
    OrderedProcess started = new OrderedProcess(name, process, log);
    try {
      started.tell("ready");
      started.await("ready", READY_LIMIT);
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
  }

  private void readAnswers() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith(LAST_WORDS)) {
          lastWords.complete(Optional.of(line.substring(LAST_WORDS.length())));
        } else {
          answers.add(line);
        }
      }
    } catch (IOException _) {
      // as good as its end
    }
    answers.add(ENDED);
    lastWords.complete(Optional.empty());
    gone.countDown();
  }

  /**
   * Waits until it is told to end, or has ended.
   *
   * @return what it says to the first; empty if it ended without a word
   * @throws TimeoutException if it goes on
   */
  Optional<String> awaitLastWords(Duration limit) throws InterruptedException, TimeoutException {
    try {
      return lastWords.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until it says nothing more, ever. */
  void awaitEnd() throws InterruptedException {
    gone.await();
  }

  /** Gives an order, and does not wait. */
  void tell(String order) {
    try {
      orders.write(order);
      orders.newLine();
      orders.flush();
    } catch (IOException e) {
      throw new TestbedException(name + " takes no orders: " + lastLines(), e);
    }
  }

  /**
   * Gives an order and waits; what the answer holds beside the {@code ok}.
   *
   * @throws TestbedException if the answer is another, or none comes in time
   */
  public String ask(String order, Duration limit) {
    tell(order);
    return await("ok", limit);
  }

  /**
   * Waits for the answer to an order.
   *
   * @return what follows its first word
   * @throws TestbedException if it is another, or none comes in time, with the process's last words
   */
  String await(String answer, Duration limit) {
    try {
      String line = answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        throw new TestbedException(
            name + " did not answer in " + limit.toSeconds() + " s: " + lastLines());
      }
      if (line.equals(ENDED)) {
        answers.add(ENDED);
        throw new TestbedException(name + " ended with " + process.waitFor() + ": " + lastLines());
      }
      if (line.equals(answer)) {
        return "";
      }
      if (line.startsWith(answer + " ")) {
        return line.substring(answer.length() + 1);
      }
      throw new TestbedException(name + ": " + line);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while waiting for " + name, e);
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  private String lastLines() {
    try {
      List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
      return lines.isEmpty()
          ? "it said nothing"
          : String.join("; ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    } catch (IOException e) {
      return "its log cannot be read: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    try {
      orders.close();
    } catch (IOException _) {
      // it has ended by itself
    }
    try {
      if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
