package dev.conntrail.experiment;

import dev.conntrail.record.Clocks;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Event;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> running = new ArrayList<>();
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
    for (Event event : cell.course().events()) {
      running.add(
          threads.submit(() -> {
            make(event, startNs);
            return null;
          }));
    }
  }

  private void make(Event event, long startNs) throws InterruptedException {
    Thread own = Thread.currentThread();
    try (Cancellation.Handle _ = cancellation.onCancel(own::interrupt)) {
      long askedNs = startNs + cell.course().phases().beforeMeasure().plus(event.at()).toNanos();
      Thread.sleep(Math.max(0, (long) ((askedNs - System.nanoTime()) / NS_PER_MS)));
      service.make(
          event,
          (step, pods, begunNs, doneNs, endpoints) ->
              rows.add(
                  new EventRow(
                      at,
                      event.kind(),
                      step,
                      pods.size(),
                      (askedNs - startNs) / NS_PER_MS,
                      (begunNs - startNs) / NS_PER_MS,
                      (doneNs - startNs) / NS_PER_MS,
                      pods.stream().map(Place::name).toList(),
                      endpoints)));
    } catch (InterruptedException | TestbedException e) {
      // programs and the API that are interrupted fail
      if (!over && !cancellation.cancelled()) {
        throw e;
      }
    }
  }

  /** What was done, in order of time; events that are not over are ended where they are. */
  List<EventRow> finish() {
    over = true;
    threads.shutdownNow();
    for (Future<?> event : running) {
      try {
        event.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof TestbedException t
            ? t
            : new TestbedException("an event failed: " + e.getCause(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TestbedException("interrupted while an event was under way", e);
      }
    }
    return rows.stream().sorted(Comparator.comparingDouble(EventRow::begunMs)).toList();
  }

  @Override
  public void close() {
    over = true;
    threads.close();
  }
}
