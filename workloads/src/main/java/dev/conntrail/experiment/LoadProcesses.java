package dev.conntrail.experiment;

import dev.conntrail.result.Json;
import dev.conntrail.result.RunFolder;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Testbed;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The load processes of a repetition, one in each client pod. */
final class LoadProcesses {
  /** Beyond the phases: start of a JVM, connects, writing files. */
  private static final Duration SLACK = Duration.ofSeconds(90);

  private final Testbed testbed;
  private final Cancellation cancellation;

  LoadProcesses(Testbed testbed, Cancellation cancellation) {
    this.testbed = testbed;
    this.cancellation = cancellation;
  }

  /** Runs them all to their end. */
  void run(Cell cell, int repetition, List<String> targets, Phases phases, RunFolder.Repetition files) throws IOException {
    List<Process> processes = new ArrayList<>();
    List<Path> logs = new ArrayList<>();
    try (Cancellation.Handle _ = cancellation.onCancel(() -> processes.forEach(LoadProcesses::drain))) {
      for (int i = 0; i < testbed.clients().size(); i++) {
        Place client = testbed.clients().get(i);
        RunFolder.ClientFiles own = files.client(client.name());
        Json.write(own.plan(), LoadPlan.of(cell, repetition, client.name(), i, targets, phases));
        logs.add(own.log());
        List<String> arguments = List.of("load", "--plan", own.plan().toString(), "--out", own.path().toString());
        processes.add(testbed.start(client, JavaProcesses.command(arguments), own.log()));
      }
      if (cancellation.cancelled()) {
        processes.forEach(LoadProcesses::drain);
      }
      await(processes, logs, phases.sending().plus(phases.drain()).plus(SLACK));
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  /** The end of its standard input tells a load process to drain. */
  private static void drain(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException _) {
      // it has ended by itself
    }
  }

  private static void await(List<Process> processes, List<Path> logs, Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    for (int i = 0; i < processes.size(); i++) {
      try {
        if (!processes.get(i).waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new TestbedException("a load process did not end in " + limit.toSeconds() + " s");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TestbedException("interrupted while the load ran", e);
      }
      if (processes.get(i).exitValue() != 0) {
        List<String> lines = Files.readAllLines(logs.get(i));
        throw new TestbedException("a load process ended with " + processes.get(i).exitValue() + ": " + String.join("; ", lines.subList(Math.max(0, lines.size() - 5), lines.size())));
      }
    }
  }
}
