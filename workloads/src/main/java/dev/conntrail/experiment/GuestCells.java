package dev.conntrail.experiment;

import dev.conntrail.agent.Answer;
import dev.conntrail.agent.GuestWire;
import dev.conntrail.agent.Order;
import dev.conntrail.agent.Remote;
import dev.conntrail.result.Adoption;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.row.Step;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.UmlGuest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The cells of a run that run within a guest: this program once more, which makes the same
 * namespaces there as on testbed netns. Its results are taken over, whatever there is.
 */
final class GuestCells {
  private static final int SLOWER = 4;
  private static final Duration START = Duration.ofMinutes(3);

  private final RunRecord record;
  private final Progress progress;

  private GuestCells(RunRecord record, Progress progress) {
    this.record = record;
    this.progress = progress;
  }

  /** Boots the guest, runs the cells in it, takes over what it leaves. */
  static void run(
      Experiment experiment,
      RunOptions options,
      RunRecord record,
      Progress progress,
      Cancellation cancellation)
      throws IOException {
    UmlGuest guest = options.guest().orElseThrow();
    progress.say("booting " + guest.kernel());
    double bootedMs = record.nowMs();
    record.log(Step.GUEST_BOOT, guest.kernel().getFileName().toString());
    Path out = record.folder().guest();
    List<Cell> cells = record.cells().askedOn(TestbedKind.UML);
    Duration limit = limit(experiment, cells);
    try {
      String measured;
      try (Remote there = Remote.start("the guest", new GuestWire(guest, out, limit), START);
          Cancellation.Handle _ = cancellation.onCancel(() -> there.tell(new Order.Drain()))) {
        there.tell(order(experiment, cells, options));
        measured = new GuestCells(record, progress).await(there, limit).folder();
      }
      // once the guest is off, all that it wrote is in the folder
      record.adopt(new RunFolder(out.resolve(CellsAgent.RESULTS).resolve(measured)), bootedMs);
      FileTrees.delete(out);
    } finally {
      Adoption.adoptLeft(record.folder());
      record.log(Step.GUEST_OFF);
    }
  }

  private static Duration limit(Experiment experiment, List<Cell> cells) {
    return experiment
        .only(cells, TestbedKind.UML)
        .expectedDuration()
        .multipliedBy(SLOWER)
        .plus(START);
  }

  /** What is to be run there. */
  static Order.Cells order(Experiment experiment, List<Cell> cells, RunOptions options) {
    return new Order.Cells(
        experiment.source(),
        experiment.places(cells),
        options.run(),
        options.rulesEdit(),
        options.echoDelay(),
        options.placement().otherRules(TestbedKind.UML));
  }

  /** Its progress is this run's. */
  private Answer.Measured await(Remote there, Duration limit) {
    while (true) {
      switch (there.await(limit)) {
        case Answer.Measured measured -> {
          return measured;
        }
        case Answer.Repetition(int _, int _, String what) ->
            progress.repetition(record.ended(), record.cells().tries(), what);
        case Answer.Said(String line) -> progress.say("guest: " + line);
        case Answer other -> throw new IllegalStateException("the guest answered " + other);
      }
    }
  }
}
