package dev.conntrail.load;

import dev.conntrail.load.client.ProtocolClients;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.Retries;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Short runs of one caller of a library. */
final class LibraryRuns {
  /** Requests in the measure phase; one before brings the connection up. */
  static final int DUE = 20;

  private LibraryRuns() {}

  static LoadOutcome run(String target, Protocol protocol, Retries retries)
      throws InterruptedException {
    Phases phases =
        new Phases(
            Duration.ZERO, Duration.ZERO, Duration.ofMillis(10 * DUE), Duration.ofSeconds(20));
    Cell cell =
        Cell.of(new Course(phases, List.of(), 1))
            .with(Axes.PROTOCOL, protocol)
            .with(Axes.RETRIES, retries)
            .with(Axes.CONNECTIONS, 1)
            .with(Axes.RATE, new LoadModel.Constant(100));
    LoadPlan plan = LoadPlan.of("ct0a1b2c", cell, 1, "client-1", "node-1", 0, List.of(target));
    return new LibraryEngine(c -> ProtocolClients.of(plan.callers(), c))
        .run(plan, new RunSignals(new CountDownLatch(1), System::nanoTime));
  }
}
