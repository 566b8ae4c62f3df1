package dev.conntrail.load.loop;

import dev.conntrail.load.CpuMeter;
import dev.conntrail.load.Engine;
import dev.conntrail.load.LoadOutcome;
import dev.conntrail.load.PhaseClock;
import dev.conntrail.load.RunSignals;
import dev.conntrail.load.Tally;
import dev.conntrail.load.client.KeepAlives;
import dev.conntrail.load.client.LocalPorts;
import dev.conntrail.record.CpuUse;
import dev.conntrail.record.LedgerRow;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;
import dev.conntrail.spec.LoadPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Load by event loops, one a CPU; what each of them recorded is put together at the end. */
public final class LoopEngine implements Engine {
  private final Net.Opener nets;

  /** With what this machine has: epoll, or Java's own selector. */
  public LoopEngine() {
    this(Net::open);
  }

  LoopEngine(Net.Opener nets) {
    this.nets = nets;
  }

  @Override
  public LoadOutcome run(LoadPlan plan, RunSignals signals) throws InterruptedException {
    PhaseClock clock = new PhaseClock(plan);
    List<Loop> loops = loops(plan, signals.targets(plan).now(), clock);
    HeldHeap heap = HeldHeap.before(plan);
    List<Thread> threads = new ArrayList<>();
    loops.forEach(l -> threads.add(Thread.ofPlatform().daemon().name("loop").start(l)));
    try {
      for (Loop loop : loops) {
        loop.awaitConnected();
      }
      check(loops);
      double heldBytes = heap.bytes();
      CpuMeter.begin();
      long agreedNs = signals.start().await();
      long startMs = System.currentTimeMillis();
      clock.begin();
      long endsByNs = clock.endsByNs();
      loops.forEach(l -> l.begin(new Replies(agreedNs, endsByNs), startMs));
      boolean early = stopped(signals.stop(), clock.timeline().measureStartNs());
      CpuMeter.Reading before = CpuMeter.read();
      early |= stopped(signals.stop(), clock.timeline().measureEndNs());
      CpuMeter.Reading after = CpuMeter.read();
      clock.endMeasure();
      loops.forEach(Loop::wake);
      for (Thread thread : threads) {
        thread.join();
      }
      check(loops);
      LoadOutcome.Times times =
          new LoadOutcome.Times(
              agreedNs,
              startMs,
              startMs + plan.phases().beforeMeasure().toMillis(),
              clock.timeline().measuredNs());
      return outcome(times, loops, before.until(after), early, heldBytes);
    } finally {
      threads.forEach(Thread::interrupt);
    }
  }

  private List<Loop> loops(LoadPlan plan, List<InetSocketAddress> targets, PhaseClock clock) {
    int threads = Math.min(Runtime.getRuntime().availableProcessors(), plan.callers().count());
    Net.Options options =
        new Net.Options(
            new KeepAlives(plan.callers().keepAlive(), plan.callers().keepAliveS()),
            new LocalPorts(plan.callers().localPorts()));
    List<Loop> loops = new ArrayList<>();
    try {
      for (int i = 0; i < threads; i++) {
        loops.add(new Loop(plan, targets, clock, nets.open(), options, i, threads));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the event loop cannot be set up: " + e.getMessage(), e);
    }
    return loops;
  }

  private static boolean stopped(CountDownLatch stop, long atNs) throws InterruptedException {
    return stop.await(atNs - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private static void check(List<Loop> loops) {
    for (Loop loop : loops) {
      if (loop.failure() != null) {
        throw new IllegalStateException("an event loop ended: " + loop.failure(), loop.failure());
      }
    }
  }

  private static LoadOutcome outcome(
      LoadOutcome.Times times, List<Loop> loops, CpuUse cpu, boolean early, double heldBytes) {
    return new LoadOutcome(
        times,
        LoadOutcome.Requests.sum(loops.stream().map(Loop::tally).map(Tally::requests).toList()),
        cpu,
        Recording.joined(loops.stream().map(l -> l.tally().intervals()).toList()),
        LedgerRow.inOrder(loops.stream().flatMap(Loop::rows)),
        Replies.joined(loops.stream().map(l -> l.tally().replies().seen()).toList()),
        early,
        heldBytes);
  }
}
