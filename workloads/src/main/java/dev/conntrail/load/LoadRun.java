package dev.conntrail.load;

import dev.conntrail.load.client.Connections;
import dev.conntrail.load.client.KeepAlives;
import dev.conntrail.load.client.LocalPorts;
import dev.conntrail.load.client.ProtocolClient;
import dev.conntrail.load.schedule.ConstantRate;
import dev.conntrail.load.schedule.Gap;
import dev.conntrail.record.Death;
import dev.conntrail.record.Ledger;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;
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
  private static final double NS_PER_MS = 1e6;
  private static final long LONG_SLEEP_NS = 20_000_000;

  private final LoadPlan plan;
  private final ConstantRate schedule;
  private final Gap idle;
  private final CountDownLatch stop;
  private final Recording recording = new Recording();
  private final Ledger ledger = new Ledger();
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final LongAdder due = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("timer").factory());
  private volatile long startNs;
  private volatile long measureStartNs = Long.MAX_VALUE;
  private volatile long measureEndNs = Long.MAX_VALUE;
  private volatile boolean sending;
  private volatile boolean over;

  private LoadRun(LoadPlan plan, CountDownLatch stop) {
    this.plan = plan;
    this.schedule = plan.open() ? new ConstantRate(plan.requestsPerSecond(), plan.callers()) : null;
    this.idle = new Gap(ns(plan.warmupMs()), ns(plan.idleMs()));
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
            run.ledger,
            run.recording,
            () -> !shortLived || run.measures(System.nanoTime()),
            new KeepAlives(plan.keepAlive(), plan.keepAliveS()),
            new LocalPorts(plan.localPorts()));
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
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < plan.callers(); i++) {
      workers.add(new Worker(this, client.caller(plan.target(i)), i));
    }
    if (plan.opening() == Opening.AT_ONCE) {
      connect(workers);
    }
    long agreedNs = start.await();

    long startMs = System.currentTimeMillis();
    long beforeMeasureMs = plan.warmupMs() + plan.idleMs();
    startNs = System.nanoTime();
    measureStartNs = startNs + ns(beforeMeasureMs);
    measureEndNs = measureStartNs + ns(plan.measureMs());
    sending = true;
    recording.start(startMs);
    CpuMeter.Reading[] cpu = new CpuMeter.Reading[2];
    timer.schedule(
        () -> {
          cpu[0] = CpuMeter.read();
          recording.cut(System.currentTimeMillis());
        },
        beforeMeasureMs,
        TimeUnit.MILLISECONDS);
    timer.scheduleAtFixedRate(
        () -> recording.cut(System.currentTimeMillis()),
        beforeMeasureMs + INTERVAL_MS,
        INTERVAL_MS,
        TimeUnit.MILLISECONDS);

    if (plan.opening() == Opening.SPREAD) {
      workers.forEach(this::connectAtItsBirth);
    }

    boolean early = open() ? paceOpen(workers) : paceClosed(workers);
    sending = false;
    measureEndNs = Math.min(measureEndNs, System.nanoTime());
    cpu[1] = CpuMeter.read();
    long unfinished = drain(workers);
    over = true;
    timer.shutdownNow();
    timer.awaitTermination(1, TimeUnit.SECONDS);
    recording.cut(System.currentTimeMillis());
    workers.forEach(w -> w.caller().close());
    return () -> outcome(agreedNs, startMs, early, unfinished, cpu);
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
      long agreedNs, long startMs, boolean early, long unfinished, CpuMeter.Reading[] cpu) {
    CpuMeter.Reading from = cpu[0] == null ? cpu[1] : cpu[0];
    Map<String, Long> failed = new TreeMap<>();
    errors.forEach((kind, n) -> failed.put(kind, n.sum()));
    return new LoadOutcome(
        agreedNs,
        startMs,
        startMs + plan.warmupMs() + plan.idleMs(),
        Math.max(0, measureEndNs - measureStartNs),
        recording.intervals(),
        ledger.entries(),
        failed,
        open() ? due.sum() : answered.sum(),
        answered.sum(),
        unfinished,
        cpu[1].processNs() - from.processNs(),
        from.busyPct(cpu[1]),
        from.stealPct(cpu[1]),
        early);
  }

  private void connect(List<Worker> workers) throws InterruptedException {
    Semaphore slots = new Semaphore(CONNECTS_AT_ONCE);
    List<Thread> threads = new ArrayList<>();
    for (Worker worker : workers) {
      slots.acquire();
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                connect(worker);
                slots.release();
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void connect(Worker worker) {
    long begun = System.nanoTime();
    try {
      worker.caller().connect();
    } catch (Exception e) {
      failed(e, begun, measures(begun));
    }
  }

  /** Opening spread: requests that are due before then are not due at all. */
  private long birthNs(int caller) {
    return plan.opening() == Opening.SPREAD
        ? measureStartNs + (long) (plan.birthMs(caller) * NS_PER_MS)
        : startNs;
  }

  private void connectAtItsBirth(Worker worker) {
    worker.connecting();
    timer.schedule(
        () ->
            Thread.ofVirtual()
                .start(() -> {
                  connect(worker);
                  worker.connected();
                }),
        birthNs(worker.index()) - System.nanoTime(),
        TimeUnit.NANOSECONDS);
  }

  /** Fires each request when it is due; true if told to stop early. */
  private boolean paceOpen(List<Worker> workers) throws InterruptedException {
    for (long i = 0; ; i++) {
      long dueNs = startNs + idle.after(schedule.dueNs(i));
      if (dueNs >= measureEndNs) {
        sleepUntil(measureEndNs);
        return stop.getCount() == 0;
      }
      sleepUntil(dueNs);
      if (stop.getCount() == 0) {
        return true;
      }
      int caller = schedule.callerOf(i);
      if (dueNs >= birthNs(caller)) {
        if (measures(dueNs)) {
          due.increment();
        }
        workers.get(caller).fire(i / plan.callers());
      }
    }
  }

  /** True if told to stop early. */
  private boolean paceClosed(List<Worker> workers) throws InterruptedException {
    if (plan.opening() == Opening.AT_ONCE) {
      workers.forEach(Worker::fire);
      if (plan.idleMs() > 0) {
        if (stop.await(plan.warmupMs(), TimeUnit.MILLISECONDS)) {
          return true;
        }
        sending = false;
        if (stop.await(measureStartNs - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          return true;
        }
        sending = true;
        workers.forEach(Worker::fire);
      }
    }
    return stop.await(measureEndNs - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  /** Until then, or until told to stop. */
  private void sleepUntil(long ns) throws InterruptedException {
    for (long left = ns - System.nanoTime(); left > 0; left = ns - System.nanoTime()) {
      if (left < LONG_SLEEP_NS) {
        LockSupport.parkNanos(left);
      } else if (stop.await(left - LONG_SLEEP_NS / 2, TimeUnit.NANOSECONDS)) {
        return;
      }
    }
  }

  private static long ns(long ms) {
    return TimeUnit.MILLISECONDS.toNanos(ms);
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

  /** Whether requests are due at a rate. */
  boolean open() {
    return schedule != null;
  }

  /** When the {@code k}-th request of a caller is due. */
  long dueNs(int caller, long k) {
    return startNs + idle.after(schedule.dueNs(caller, k));
  }

  boolean sending() {
    return sending;
  }

  /** Whether the drain has ended. */
  boolean over() {
    return over;
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

  /** Something failed that began, or was due, then. */
  void failed(Throwable why, long sinceNs, boolean measured) {
    String message =
        why.getMessage() == null ? "" : ": " + why.getMessage().lines().findFirst().orElse("");
    errors
        .computeIfAbsent(why.getClass().getSimpleName() + message, _ -> new LongAdder())
        .increment();
    if (measured) {
      recording.error();
      recording.record(Metric.FAILURE, System.nanoTime() - sinceNs);
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
