package dev.conntrail.experiment;

import dev.conntrail.record.Clocks;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Change;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Makes the changes of a repetition when they are due, while load runs. */
final class ChangeTimeline {
  private static final double NS_PER_MS = 1e6;

  private final Cell cell;
  private final At at;
  private final Stage.Service service;
  private final Cancellation cancellation;
  private FutureTask<List<EventRow>> running;

  ChangeTimeline(Cell cell, At at, Stage.Service service, Cancellation cancellation) {
    this.cell = cell;
    this.at = at;
    this.service = service;
    this.cancellation = cancellation;
  }

  /**
   * Begins.
   *
   * @param epochMs when the first phase begins
   */
  void start(long epochMs) {
    long startNs = Clocks.nanoTimeAt(epochMs);
    running = new FutureTask<>(() -> make(startNs));
    Thread.ofPlatform().name("changes").start(running);
  }

  private List<EventRow> make(long startNs) throws InterruptedException {
    List<EventRow> rows = new ArrayList<>();
    int endpoints = cell.pods();
    try (Cancellation.Handle _ = cancellation.onCancel(Thread.currentThread()::interrupt)) {
      for (Change change : cell.course().changes()) {
        long askedNs = startNs + cell.course().phases().beforeMeasure().plus(change.at()).toNanos();
        Thread.sleep(Math.max(0, (long) ((askedNs - System.nanoTime()) / NS_PER_MS)));
        double begun = (System.nanoTime() - startNs) / NS_PER_MS;
        List<Place> moved = service.change(change);
        double done = (System.nanoTime() - startNs) / NS_PER_MS;
        endpoints += change.kind() == Change.Kind.ADD ? moved.size() : -moved.size();
        rows.add(
            new EventRow(
                at,
                change.kind(),
                moved.size(),
                (askedNs - startNs) / NS_PER_MS,
                begun,
                done,
                moved.stream().map(Place::name).toList(),
                endpoints));
      }
    } catch (InterruptedException e) {
      if (!cancellation.cancelled()) {
        throw e;
      }
    }
    return rows;
  }

  /** What was changed; waits for the last. */
  List<EventRow> finish() {
    if (running == null) {
      return List.of();
    }
    try {
      return running.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof TestbedException t
          ? t
          : new TestbedException("a change of the Service failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while the Service was changed", e);
    }
  }
}
