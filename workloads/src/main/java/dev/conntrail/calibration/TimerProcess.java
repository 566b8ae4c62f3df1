package dev.conntrail.calibration;

import dev.conntrail.agent.AgentLoop;
import dev.conntrail.agent.Answer;
import dev.conntrail.agent.JavaProcesses;
import dev.conntrail.agent.Order;
import dev.conntrail.agent.ProcessWire;
import dev.conntrail.agent.Remote;
import dev.conntrail.agent.Role;
import dev.conntrail.agent.Signals;
import dev.conntrail.agent.TimerPlan;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * The process that times, one for all loads of rules: to start Java takes longer than to time. It
 * begins in an empty namespace, so that a slip fails; for each load a thread of its own goes into
 * the namespaces, and ends there.
 */
public final class TimerProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final Remote remote;
  private final Path log;

  private TimerProcess(Remote remote, Path log) {
    this.remote = remote;
    this.log = log;
  }

  /** Starts it. */
  static TimerProcess start() {
    try {
      Path log = Files.createTempFile("conntrail-timer", ".log");
      List<String> command =
          new ArrayList<>(
              List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "timer"));
      command.addAll(JavaProcesses.command(Role.TIMER));
      Process started =
          new ProcessBuilder(Programs.ownSession(command)).redirectError(log.toFile()).start();
      return new TimerProcess(Remote.start("the timer", new ProcessWire(started, log)), log);
    } catch (IOException e) {
      throw new TestbedException("cannot start the timer: " + e.getMessage(), e);
    }
  }

  /** Times what a plan says. */
  List<TimerPlan.Timed> time(TimerPlan plan) {
    return remote.ask(new Order.Time(plan), Answer.Timed.class, LIMIT).times();
  }

  @Override
  public void close() {
    remote.close();
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Is that process. */
  public static final class Agent implements AgentLoop.Agent {
    @Override
    public void carryOut(Order order, Signals signals, Consumer<Answer> answers)
        throws IOException, InterruptedException {
      if (!(order instanceof Order.Time(TimerPlan plan))) {
        throw AgentLoop.refusal(order, "Time");
      }
      FutureTask<List<TimerPlan.Timed>> timing = new FutureTask<>(() -> ConnectTimer.run(plan));
      Thread.ofPlatform().name("timer").start(timing);
      try {
        answers.accept(new Answer.Timed(timing.get()));
      } catch (ExecutionException e) {
        throw new IOException(e.getCause().getMessage(), e);
      }
    }
  }
}
