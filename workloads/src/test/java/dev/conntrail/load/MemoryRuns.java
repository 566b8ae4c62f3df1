package dev.conntrail.load;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.client.Connections;
import dev.conntrail.load.client.Pick;
import dev.conntrail.load.client.ProtocolClient;
import dev.conntrail.load.client.Reply;
import dev.conntrail.record.Death;
import dev.conntrail.record.LedgerEntry;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.Retries;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/** Runs of load with a protocol that answers from memory. */
final class MemoryRuns implements AutoCloseable {
  private final ScheduledExecutorService answers = Executors.newSingleThreadScheduledExecutor();

  /**
   * Answers after a delay, a negative one never; {@code failEvery} makes each so-manieth request
   * fail.
   */
  private final class Memory implements ProtocolClient {
    private final Connections connections;
    private final LongSupplier delayMs;
    private final int failEvery;
    private final AtomicInteger ports = new AtomicInteger(1000);
    private final AtomicInteger sent = new AtomicInteger();

    Memory(Connections connections, LongSupplier delayMs, int failEvery) {
      this.connections = connections;
      this.delayMs = delayMs;
      this.failEvery = failEvery;
    }

    @Override
    public Caller caller(Pick pick) {
      return new Caller() {
        private LedgerEntry entry;

        @Override
        public void connect(IntConsumer statuses) {
          entry =
              connections
                  .ledger()
                  .born(
                      new InetSocketAddress(
                          InetAddress.ofLiteral("127.0.0.1"), ports.incrementAndGet()),
                      pick.next().address(),
                      System.nanoTime(),
                      1000);
        }

        @Override
        public void send(Reply reply) {
          boolean fails = failEvery > 0 && sent.incrementAndGet() % failEvery == 0;
          Runnable answer =
              fails
                  ? () -> reply.failed(new IllegalStateException("planted"))
                  : () -> reply.arrived(entry, "pod-1 node-1 1 1");
          long delay = delayMs.getAsLong();
          if (delay >= 0) {
            answers.schedule(answer, delay, TimeUnit.MILLISECONDS);
          }
        }

        @Override
        public void close() {
          entry.died(System.nanoTime(), Death.CLIENT);
        }
      };
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  /**
   * Runs a plan.
   *
   * @param delayMs of each answer; a negative one never comes
   * @param failEvery makes each so-manieth request fail; 0 for none
   */
  LoadOutcome run(LoadPlan plan, LongSupplier delayMs, int failEvery) throws InterruptedException {
    return run(plan, delayMs, failEvery, new CountDownLatch(1));
  }

  LoadOutcome run(LoadPlan plan, LongSupplier delayMs, int failEvery, CountDownLatch stop)
      throws InterruptedException {
    return new LibraryEngine(client(delayMs, failEvery))
        .run(plan, new RunSignals(stop, StartSignal.AT_ONCE));
  }

  Function<Connections, ProtocolClient> client(LongSupplier delayMs, int failEvery) {
    return connections -> new Memory(connections, delayMs, failEvery);
  }

  /** After a while. */
  void later(Runnable action, long ms) {
    answers.schedule(action, ms, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    answers.shutdownNow();
  }

  static LoadPlan plan(int callers, int rate, long warmupMs, long measureMs) {
    return plan(callers, rate, warmupMs, 0, measureMs, Opening.AT_ONCE);
  }

  static LoadPlan plan(
      int callers, int rate, long warmupMs, long idleMs, long measureMs, Opening opening) {
    return new LoadPlan(
        new LoadPlan.Client("ct0a1b2c", new CellId("00000001"), 1, "client-1", "node-1", 0, 1),
        new LoadPlan.Callers(
            callers,
            List.of("127.0.0.1:80"),
            Protocol.HTTP1,
            Pooling.DEDICATED,
            opening,
            Cure.NONE,
            KeepAlive.NONE,
            1,
            0,
            Retries.OFF),
        rate == 0 ? new LoadModel.Closed() : new LoadModel.Constant(rate),
        new Phases(
            Duration.ofMillis(warmupMs),
            Duration.ofMillis(idleMs),
            Duration.ofMillis(measureMs),
            Duration.ofMillis(2000)));
  }

  /** The same with another drain. */
  static LoadPlan drainedFor(LoadPlan plan, long ms) {
    Phases p = plan.phases();
    return new LoadPlan(
        plan.client(),
        plan.callers(),
        plan.schedule().rate(),
        new Phases(p.warmup(), p.idle(), p.measure(), Duration.ofMillis(ms)));
  }

  static Histogram sum(LoadOutcome outcome, Metric metric) {
    return Recording.sum(outcome.intervals()).get(metric);
  }
}
