package dev.conntrail.load;

import dev.conntrail.record.CpuUse;
import dev.conntrail.record.Recording;
import dev.conntrail.spec.Phases;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Cuts the recording into intervals, at the start of the measure phase and each second from then,
 * and reads the CPU's meters at both ends of that phase.
 */
final class Sampler {
  private static final long INTERVAL_MS = 1000;

  private final Recording recording;
  private final ScheduledExecutorService timer;
  private volatile CpuMeter.Reading before;
  private volatile CpuMeter.Reading after;

  Sampler(Recording recording, ScheduledExecutorService timer) {
    this.recording = recording;
    this.timer = timer;
  }

  /** Reads the meters once, so that their code is there when it counts. */
  void prepare() {
    CpuMeter.begin();
  }

  /** The first phase begins now. */
  void begin(Phases phases, long nowMs) {
    long measureStartsInMs = phases.beforeMeasure().toMillis();
    recording.start(nowMs);
    timer.schedule(
        () -> {
          before = CpuMeter.read();
          cut();
        },
        measureStartsInMs,
        TimeUnit.MILLISECONDS);
    timer.scheduleAtFixedRate(
        this::cut, measureStartsInMs + INTERVAL_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
  }

  private void cut() {
    recording.cut(System.currentTimeMillis());
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
