package dev.conntrail.load;

import dev.conntrail.record.CpuUse;
import dev.conntrail.spec.Phases;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Cuts the recording into intervals, at the start of the measure phase and each second from then,
 * and reads the CPU's meters at both ends of that phase.
 */
final class Sampler {
  private static final long INTERVAL_MS = 1000;

  private final LongConsumer ending;
  private final LongConsumer rehearsing;
  private final Runnable measuring;
  private final ScheduledExecutorService timer;
  private volatile CpuMeter.Reading before;
  private volatile CpuMeter.Reading after;

  /**
   * A sampler.
   *
   * @param ending told that an interval ends and another begins, milliseconds since the epoch
   * @param rehearsing told the same each second before the measure phase
   * @param measuring told that the measure phase begins
   */
  Sampler(
      LongConsumer ending,
      LongConsumer rehearsing,
      Runnable measuring,
      ScheduledExecutorService timer) {
    this.ending = ending;
    this.rehearsing = rehearsing;
    this.measuring = measuring;
    this.timer = timer;
  }

  /** Reads the meters once, so that their code is there when it counts. */
  void prepare() {
    CpuMeter.begin();
  }

  /** The first phase begins now. */
  void begin(Phases phases) {
    long measureStartsInMs = phases.beforeMeasure().toMillis();
    Future<?> rehearsal =
        timer.scheduleAtFixedRate(
            () -> rehearsing.accept(System.currentTimeMillis()),
            INTERVAL_MS,
            INTERVAL_MS,
            TimeUnit.MILLISECONDS);
    timer.schedule(
        () -> {
          rehearsal.cancel(false);
          before = CpuMeter.read();
          measuring.run();
          cut();
        },
        measureStartsInMs,
        TimeUnit.MILLISECONDS);
    timer.scheduleAtFixedRate(
        this::cut, measureStartsInMs + INTERVAL_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
  }

  private void cut() {
    ending.accept(System.currentTimeMillis());
  }

  /** The measure phase has ended. */
  void measured() {
    after = CpuMeter.read();
  }

  /** The run has ended; nothing else may use the timer. */
  void end() throws InterruptedException {
    timer.shutdownNow();
    timer.awaitTermination(1, TimeUnit.SECONDS);
    cut();
  }

  /** What the measure phase took of the CPU; nothing if it never began. */
  CpuUse cpu() {
    CpuMeter.Reading from = before == null ? after : before;
    return from.until(after);
  }
}
