package dev.conntrail.calibration;

import dev.conntrail.experiment.JavaProcesses;
import dev.conntrail.experiment.OrderedProcess;
import dev.conntrail.result.Json;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * The process that times, one for all loads of rules: to start Java takes longer than to time. It
 * begins in an empty namespace, so that a slip fails; for each load a thread of its own goes into
 * the namespaces, and ends there.
 */
public final class TimerProcess implements AutoCloseable {
  private static final String READY = "ready";
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final OrderedProcess process;
  private final Path log;

  private TimerProcess(OrderedProcess process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts it. */
  static TimerProcess start() {
    try {
      Path log = Files.createTempFile("conntrail-timer", ".log");
      List<String> command =
          new ArrayList<>(
              List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "timer"));
      command.addAll(JavaProcesses.command(List.of("calibrate", "--timer")));
      Process started =
          new ProcessBuilder(Programs.ownSession(command)).redirectError(log.toFile()).start();
      return new TimerProcess(OrderedProcess.start("the timer", started, log), log);
    } catch (IOException e) {
      throw new TestbedException("cannot start the timer: " + e.getMessage(), e);
    }
  }

  /** Times what a plan says. */
  List<TimerPlan.Timed> time(TimerPlan plan) {
    return Arrays.asList(Json.parse(process.ask(Json.line(plan), LIMIT), TimerPlan.Timed[].class));
  }

  @Override
  public void close() {
    process.close();
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Is that process: a plan a line, each answered by {@code ok} and figures, or by {@code error}
   * and why; ends when its orders do.
   */
  public static void serve(Reader orders, Consumer<String> answers) throws IOException {
    try (BufferedReader reader = new BufferedReader(orders)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        answers.accept(line.equals(READY) ? READY : answer(line));
      }
    }
  }

  private static String answer(String plan) {
    CompletableFuture<List<TimerPlan.Timed>> timed = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("timer")
        .start(() -> {
          try {
            timed.complete(ConnectTimer.run(Json.parse(plan, TimerPlan.class)));
          } catch (IOException | RuntimeException e) {
            timed.completeExceptionally(e);
          }
        });
    try {
      return "ok " + Json.line(timed.join());
    } catch (CompletionException e) {
      return "error " + e.getCause().getMessage();
    }
  }
}
