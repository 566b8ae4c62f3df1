package dev.conntrail.experiment;

import dev.conntrail.record.Clocks;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Event;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongToDoubleFunction;

/**
 * Makes the events of a repetition when they are due, while load runs: each goes its own way, for
 * one may take longer than it is to the next.
 */
final class EventTimeline implements AutoCloseable {
  private static final double NS_PER_MS = 1e6;

  private final Cell cell;
  private final At at;
  private final Stage.Service service;
  private final Cancellation cancellation;
  private final Tasks running = new Tasks();
  private final List<EventRow> rows = new CopyOnWriteArrayList<>();
  private volatile boolean over;

  EventTimeline(Cell cell, At at, Stage.Service service, Cancellation cancellation) {
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
    cell.course().events().forEach(event -> running.start(() -> make(event, startNs)));
  }

  private void make(Event event, long startNs) throws InterruptedException {
    Thread own = Thread.currentThread();
    long askedNs = startNs + cell.course().phases().beforeMeasure().plus(event.at()).toNanos();
    LongToDoubleFunction ms = ns -> (ns - startNs) / NS_PER_MS;
    Steps steps =
        (step, pods, begunNs, doneNs) ->
            rows.add(
                new EventRow(
                    at,
                    event.kind(),
                    step,
                    pods.size(),
                    ms.applyAsDouble(askedNs),
                    ms.applyAsDouble(begunNs),
                    ms.applyAsDouble(doneNs),
                    pods.stream().map(Place::name).toList(),
                    service.endpoints()));
    try (Cancellation.Handle _ = cancellation.onCancel(own::interrupt)) {
      Thread.sleep(Math.max(0, (long) ((askedNs - System.nanoTime()) / NS_PER_MS)));
      service.make(event, steps);
    } catch (InterruptedException | TestbedException e) {
      // programs and the API that are interrupted fail
      if (!over && !cancellation.cancelled()) {
        throw e;
      }
      steps.done(EventStep.CUT_SHORT, List.of(), System.nanoTime());
    }
  }

  /** What was done, in order of time; events that are not over are ended where they are. */
  List<EventRow> finish() {
    over = true;
    running.interrupt();
    try {
      running.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while an event was under way", e);
    }
    return rows.stream().sorted(Comparator.comparingDouble(EventRow::begunMs)).toList();
  }

  @Override
  public void close() {
    over = true;
    running.close();
  }
}
