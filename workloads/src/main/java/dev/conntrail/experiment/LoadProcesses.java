package dev.conntrail.experiment;

import dev.conntrail.result.Json;
import dev.conntrail.result.RunFolder;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The load processes of a testbed, one in each client pod. They stay for all repetitions, so that
 * their code is compiled when it counts; one that has ended is started anew.
 */
final class LoadProcesses implements AutoCloseable {
  /** Beyond the phases: connects, and writing files. */
  private static final Duration SLACK = Duration.ofSeconds(60);

  private final Testbed testbed;
  private final Path folder;
  private final Cancellation cancellation;
  private final List<OrderedProcess> processes = new ArrayList<>();

  LoadProcesses(Testbed testbed, Path folder, Cancellation cancellation) throws IOException {
    this.testbed = testbed;
    this.folder = folder;
    this.cancellation = cancellation;
    try {
      for (Place client : testbed.clients()) {
        processes.add(start(client));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private OrderedProcess start(Place client) throws IOException {
    return OrderedProcess.start(
        "the load process of " + client.name(),
        testbed,
        client,
        List.of("load", "--orders"),
        folder.resolve("load-" + client.name() + ".log"));
  }

  /** Runs a repetition to its end; on cancellation, to an early one. */
  void run(
      Cell cell, int repetition, List<String> targets, Phases phases, RunFolder.Repetition files)
      throws IOException {
    for (int i = 0; i < processes.size(); i++) {
      Place client = testbed.clients().get(i);
      if (!processes.get(i).alive()) {
        processes.get(i).close();
        processes.set(i, start(client));
      }
      Json.write(
          files.client(client.name()).plan(),
          LoadPlan.of(cell, repetition, client.name(), i, targets, phases));
    }
    for (int i = 0; i < processes.size(); i++) {
      processes
          .get(i)
          .tell("run " + files.client(testbed.clients().get(i).name()).path().toAbsolutePath());
    }
    try (Cancellation.Handle _ =
        cancellation.onCancel(() -> processes.forEach(p -> p.tell("drain")))) {
      Duration limit = phases.sending().plus(phases.drain()).plus(SLACK);
      for (OrderedProcess process : processes) {
        process.await("ok", limit);
      }
    }
  }

  @Override
  public void close() {
    processes.forEach(OrderedProcess::close);
  }
}
