package dev.conntrail.experiment;

import dev.conntrail.agent.ProcessReading;
import dev.conntrail.posix.ProcessUse;
import dev.conntrail.record.Clocks;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ProcessRole;
import dev.conntrail.result.row.ProcessRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Phases;
import dev.conntrail.testbed.TestbedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What pods and proxies have of the machine in the measure phase: read when it begins, and when it
 * ends. Clients read their own CPU time; their memory is read when they are done.
 */
final class ProcessMeters implements AutoCloseable {
  private final Cell cell;
  private final At at;
  private final Stage stage;
  private final Stage.Service service;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Tasks running = new Tasks();
  private volatile List<ProcessRow> rows = List.of();

  ProcessMeters(Cell cell, At at, Stage stage, Stage.Service service) {
    this.cell = cell;
    this.at = at;
    this.stage = stage;
    this.service = service;
  }

  /**
   * Begins.
   *
   * @param epochMs when the first phase begins
   */
  void start(long epochMs) {
    long startNs = Clocks.nanoTimeAt(epochMs);
    Phases phases = cell.course().phases();
    running.start(() -> {
      if (over(startNs + phases.beforeMeasure().toNanos())) {
        return;
      }
      Map<String, ProcessReading> proxies = byName(service.proxyUse());
      Map<String, ProcessReading> pods = byName(stage.echo().use());
      if (over(startNs + phases.length().toNanos())) {
        return;
      }
      List<ProcessRow> all = new ArrayList<>();
      service.proxyUse().forEach(now -> used(ProcessRole.PROXY, proxies, now).ifPresent(all::add));
      stage.echo().use().forEach(now -> used(ProcessRole.PODS, pods, now).ifPresent(all::add));
      rows = all;
    });
  }

  /** Waits for an instant; true if the repetition is over before it. */
  private boolean over(long ns) throws InterruptedException {
    return over.await(Math.max(0, ns - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  private static Map<String, ProcessReading> byName(List<ProcessReading> readings) {
    Map<String, ProcessReading> by = new TreeMap<>();
    readings.forEach(r -> by.put(r.process(), r));
    return by;
  }

  /** Empty for a process that was not there before, or is another one now. */
  private Optional<ProcessRow> used(
      ProcessRole role, Map<String, ProcessReading> before, ProcessReading now) {
    return Optional.ofNullable(before.get(now.process()))
        .map(b -> now.use().cpuNs() - b.use().cpuNs())
        .filter(cpuNs -> cpuNs >= 0)
        .map(cpuNs -> row(at, role, now, cpuNs));
  }

  /** What a client had, whose CPU time is known. */
  static ProcessRow ofClient(At at, ProcessReading now, long cpuNs) {
    return row(at, ProcessRole.CLIENT, now, cpuNs);
  }

  private static ProcessRow row(At at, ProcessRole role, ProcessReading now, long cpuNs) {
    ProcessUse use = now.use();
    return new ProcessRow(
        at, role, now.process(), now.pods(), cpuNs, use.residentBytes(), use.peakBytes());
  }

  /**
   * Pods and proxies; none if the measure phase ended before its time. An agent that was asked has
   * answered.
   */
  List<ProcessRow> finish() {
    over.countDown();
    try {
      running.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while processes were looked at", e);
    }
    return rows;
  }

  @Override
  public void close() {
    over.countDown();
    running.close();
  }
}
