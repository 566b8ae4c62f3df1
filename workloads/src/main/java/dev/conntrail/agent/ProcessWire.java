package dev.conntrail.agent;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Standard input and output of a process: a child of this one, or that of a pod, held through the
 * API as if it were. It ends when its input does.
 */
public final class ProcessWire implements Wire {
  private static final Duration END_LIMIT = Duration.ofSeconds(5);
  private static final int LOG_LINES = 5;

  private final Process process;
  private final Path log;
  private final BufferedWriter orders;
  private final BufferedReader answers;

  /**
   * Takes charge of a process.
   *
   * @param log where its standard error goes
   */
  public ProcessWire(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  @Override
  public void send(String line) throws IOException {
    orders.write(line);
    orders.newLine();
    orders.flush();
  }

  @Override
  public Optional<String> receive() {
    try {
      return Optional.ofNullable(answers.readLine());
    } catch (IOException _) {
      return Optional.empty(); // as good as its end
    }
  }

  @Override
  public boolean alive() {
    return process.isAlive();
  }

  @Override
  public String ending() throws InterruptedException {
    return "ended with " + process.waitFor();
  }

  @Override
  public String lastWords() {
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
