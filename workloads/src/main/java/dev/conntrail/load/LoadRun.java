package dev.conntrail.load;

import dev.conntrail.load.client.Connections;
import dev.conntrail.load.client.ProtocolClient;
import dev.conntrail.load.schedule.ConstantRate;
import dev.conntrail.record.Death;
import dev.conntrail.record.Ledger;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.spec.LoadPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

/** One repetition of one client: connect, warm up, measure, drain. */
public final class LoadRun {
  private static final int CONNECTS_AT_ONCE = 16;
  private static final long RETRY_MS = 50;
  private static final long INTERVAL_MS = 1000;
  private static final long DEATHS_MS = 2000;

  private final LoadPlan plan;
  private final CountDownLatch stop;
  private final Recording recording = new Recording();
  private final Ledger ledger = new Ledger();
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final LongAdder answered = new LongAdder();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("timer").factory());
  private volatile long startNs;
  private volatile long measureStartNs = Long.MAX_VALUE;
  private volatile long measureEndNs = Long.MAX_VALUE;
  private volatile boolean sending;

  private LoadRun(LoadPlan plan, CountDownLatch stop) {
    this.plan = plan;
    this.stop = stop;
  }

  /**
   * Runs a plan to its end.
   *
   * @param clients makes the protocol client
   * @param stop counted down to drain early
   * @param start awaited between connecting and the first phase
   */
  public static LoadOutcome run(
      LoadPlan plan,
      Function<Connections, ProtocolClient> clients,
      CountDownLatch stop,
      StartSignal start)
      throws InterruptedException {
    LoadRun run = new LoadRun(plan, stop);
    boolean shortLived = !plan.protocol().longLived();
    Connections connections =
        new Connections(
            run.ledger, run.recording, () -> !shortLived || run.measures(System.nanoTime()));
    Supplier<LoadOutcome> outcome;
    try (ProtocolClient client = clients.apply(connections)) {
      outcome = run.phases(client, start);
    } finally {
      run.timer.shutdownNow();
    }
    run.awaitDeaths();
    return outcome.get();
  }

  private Supplier<LoadOutcome> phases(ProtocolClient client, StartSignal start)
      throws InterruptedException {
    ConstantRate schedule =
        plan.open() ? new ConstantRate(plan.requestsPerSecond(), plan.callers()) : null;
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < plan.callers(); i++) {
      workers.add(new Worker(this, client.caller(plan.target(i)), i, schedule));
    }
    connect(workers);
    start.await();

    long startMs = System.currentTimeMillis();
    startNs = System.nanoTime();
    measureStartNs = startNs + TimeUnit.MILLISECONDS.toNanos(plan.warmupMs());
    measureEndNs = measureStartNs + TimeUnit.MILLISECONDS.toNanos(plan.measureMs());
    sending = true;
    recording.start(startMs);
    CpuMeter.Reading[] cpu = new CpuMeter.Reading[2];
    timer.schedule(
        () -> {
          cpu[0] = CpuMeter.read();
          recording.cut(System.currentTimeMillis());
        },
        plan.warmupMs(),
        TimeUnit.MILLISECONDS);
    timer.scheduleAtFixedRate(
        () -> recording.cut(System.currentTimeMillis()),
        plan.warmupMs() + INTERVAL_MS,
        INTERVAL_MS,
        TimeUnit.MILLISECONDS);

    boolean early = schedule == null ? paceClosed(workers) : paceOpen(workers, schedule);
    sending = false;
    measureEndNs = Math.min(measureEndNs, System.nanoTime());
    cpu[1] = CpuMeter.read();
    long unfinished = drain(workers);
    timer.shutdownNow();
    timer.awaitTermination(1, TimeUnit.SECONDS);
    recording.cut(System.currentTimeMillis());
    workers.forEach(w -> w.caller().close());
    return () -> outcome(startMs, schedule, early, unfinished, cpu);
  }

  /**
   * Some libraries close in the background: the ledger is written when every connection has ended,
   * or soon after.
   */
  private void awaitDeaths() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEATHS_MS);
    while (System.nanoTime() < end
        && ledger.entries().stream().anyMatch(e -> e.death() == Death.OPEN)) {
      Thread.sleep(2);
    }
  }

  private LoadOutcome outcome(
      long startMs, ConstantRate schedule, boolean early, long unfinished, CpuMeter.Reading[] cpu) {
    CpuMeter.Reading from = cpu[0] == null ? cpu[1] : cpu[0];
    long measuredNs = Math.max(0, measureEndNs - measureStartNs);
    Map<String, Long> failed = new TreeMap<>();
    errors.forEach((kind, n) -> failed.put(kind, n.sum()));
    long due =
        schedule == null
            ? answered.sum()
            : dueBefore(schedule, measureEndNs) - dueBefore(schedule, measureStartNs);
    return new LoadOutcome(
        startNs,
        startMs,
        startMs + plan.warmupMs(),
        measuredNs,
        recording.intervals(),
        ledger.entries(),
        failed,
        Math.max(0, due),
        answered.sum(),
        unfinished,
        cpu[1].processNs() - from.processNs(),
        from.busyPct(cpu[1]),
        from.stealPct(cpu[1]),
        early);
  }

  /** How many requests of the schedule are due before a moment. */
  private long dueBefore(ConstantRate schedule, long ns) {
    long elapsed = Math.max(0, ns - startNs);
    long n =
        Math.max(0, (long) Math.floor((double) elapsed * schedule.requestsPerSecond() / 1e9) - 1);
    while (schedule.dueNs(n) < elapsed) {
      n++;
    }
    return n;
  }

  private void connect(List<Worker> workers) throws InterruptedException {
    Semaphore slots = new Semaphore(CONNECTS_AT_ONCE);
    List<Thread> threads = new ArrayList<>();
    for (Worker worker : workers) {
      slots.acquire();
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  worker.caller().connect();
                } catch (Exception e) {
                  failed(e, false);
                } finally {
                  slots.release();
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Fires each request when it is due; true if told to stop early. */
  private boolean paceOpen(List<Worker> workers, ConstantRate schedule) {
    for (long i = 0; ; i++) {
      long due = startNs + schedule.dueNs(i);
      if (due >= measureEndNs) {
        sleepUntil(measureEndNs);
        return stop.getCount() == 0;
      }
      sleepUntil(due);
      if (stop.getCount() == 0) {
        return true;
      }
      workers.get(schedule.callerOf(i)).fire();
    }
  }

  private boolean paceClosed(List<Worker> workers) throws InterruptedException {
    workers.forEach(Worker::fire);
    return stop.await(measureEndNs - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private static void sleepUntil(long ns) {
    for (long left = ns - System.nanoTime(); left > 0; left = ns - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private long drain(List<Worker> workers) throws InterruptedException {
    long end = System.nanoTime() + plan.drain().toNanos();
    long left = outstanding(workers);
    while (left > 0 && System.nanoTime() < end) {
      Thread.sleep(2);
      left = outstanding(workers);
    }
    return left;
  }

  private static long outstanding(List<Worker> workers) {
    return workers.stream().mapToLong(Worker::outstanding).sum();
  }

  long startNs() {
    return startNs;
  }

  boolean sending() {
    return sending;
  }

  boolean measures(long dueNs) {
    return dueNs - measureStartNs >= 0 && dueNs - measureEndNs < 0;
  }

  void answered(long dueNs, long sentNs, long nowNs) {
    answered.increment();
    recording.record(Metric.RESPONSE, nowNs - dueNs);
    recording.record(Metric.SERVICE, nowNs - sentNs);
    recording.record(Metric.SEND_LAG, sentNs - dueNs);
  }

  void failed(Throwable why, boolean measured) {
    String message =
        why.getMessage() == null ? "" : ": " + why.getMessage().lines().findFirst().orElse("");
    errors
        .computeIfAbsent(why.getClass().getSimpleName() + message, _ -> new LongAdder())
        .increment();
    if (measured) {
      recording.error();
    }
  }

  void later(Runnable action) {
    if (sending) {
      timer.schedule(action, RETRY_MS, TimeUnit.MILLISECONDS);
    } else {
      action.run();
    }
  }
}
