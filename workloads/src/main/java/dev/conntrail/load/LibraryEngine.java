package dev.conntrail.load;

import dev.conntrail.load.client.Connections;
import dev.conntrail.load.client.FirstExchange;
import dev.conntrail.load.client.KeepAlives;
import dev.conntrail.load.client.Lifetimes;
import dev.conntrail.load.client.LocalPorts;
import dev.conntrail.load.client.Picks;
import dev.conntrail.load.client.ProtocolClient;
import dev.conntrail.load.client.Targets;
import dev.conntrail.record.Death;
import dev.conntrail.record.Ledger;
import dev.conntrail.record.Replies;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Client libraries as applications use them, each caller one of theirs. */
public final class LibraryEngine implements Engine {
  private static final long DEATHS_MS = 2000;

  private final Function<Connections, ProtocolClient> clients;

  /**
   * An engine.
   *
   * @param clients makes the protocol client of a run
   */
  public LibraryEngine(Function<Connections, ProtocolClient> clients) {
    this.clients = clients;
  }

  @Override
  public LoadOutcome run(LoadPlan plan, RunSignals signals) throws InterruptedException {
    Run run = new Run(plan, signals.targets(plan), signals.stop());
    Supplier<LoadOutcome> outcome;
    try (ProtocolClient client = clients.apply(run.connections())) {
      outcome = run.phases(client, signals.start());
    } finally {
      run.timer.shutdownNow();
    }
    run.awaitDeaths();
    return outcome.get();
  }

  /** One run: connect, warm up, measure, drain. */
  private static final class Run {
    private final LoadPlan plan;
    private final Targets targets;
    private final Random random;
    private final Ledger ledger = new Ledger();
    private final Tally tally;
    private final PhaseClock clock;
    private final Pacing pacing;
    private final ConnectionOpener opener;
    private final Sampler sampler;
    private volatile Phase phase = Phase.CONNECT;
    private final ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("timer").factory());

    Run(LoadPlan plan, Targets targets, CountDownLatch stop) {
      this.plan = plan;
      this.targets = targets;
      this.random = new Random(plan.client().seed());
      this.tally = new Tally(plan.open());
      this.clock = new PhaseClock(plan);
      this.pacing =
          plan.open()
              ? new OpenPacing(clock, tally, stop)
              : new ClosedPacing(clock, () -> phase, tally, stop, timer);
      this.opener = new ConnectionOpener(clock, timer);
      this.sampler =
          new Sampler(cutting(tally::cut), cutting(tally::rehearseCut), this::carry, timer);
    }

    private Connections connections() {
      return new Connections(
          targets,
          ledger,
          this::connected,
          new KeepAlives(plan.callers().keepAlive(), plan.callers().keepAliveS()),
          new LocalPorts(plan.callers().localPorts()),
          new Lifetimes(plan.callers().cure().byClient(), random),
          () -> phase != Phase.OVER,
          tally::retried,
          FirstExchange.USUAL);
    }

    /** Long-lived connections are made before the measure phase; of others those in it count. */
    private void connected(long tookNs) {
      if (plan.callers().protocol().longLived() || clock.measures(System.nanoTime())) {
        tally.connected(tookNs);
      }
    }

    /** The measure phase begins: notes what was due before and waits behind another. */
    private void carry() {
      if (!plan.phases().beforeMeasure().isZero()) {
        tally.carried(
            pacing.workers().stream().mapToLong(w -> Math.max(0, w.pending().count() - 1)).sum());
      }
    }

    /** Records what workers have noted before an interval ends. */
    private LongConsumer cutting(LongConsumer cut) {
      return nowMs -> {
        pacing.workers().forEach(Worker::record);
        cut.accept(nowMs);
      };
    }

    private Supplier<LoadOutcome> phases(ProtocolClient client, StartSignal start)
        throws InterruptedException {
      Picks picks = new Picks(plan.callers(), targets, random);
      for (int i = 0; i < plan.callers().count(); i++) {
        pacing.enlist(client.caller(picks.of(i)));
      }
      if (plan.callers().opening() == Opening.AT_ONCE) {
        opener.connectAll(pacing.workers());
      }
      sampler.prepare();
      long agreedNs = start.await();

      long startMs = System.currentTimeMillis();
      clock.begin();
      tally.begin(new Replies(agreedNs, clock.endsByNs()), startMs);
      sampler.begin(plan.phases());
      if (plan.callers().opening() == Opening.SPREAD) {
        pacing.workers().forEach(opener::connectAtItsBirth);
      }
      boolean early = pace();
      phase = Phase.DRAIN;
      clock.endMeasure();
      sampler.measured();
      drain();
      sampler.end();
      phase = Phase.OVER;
      pacing.workers().forEach(w -> w.caller().close());
      return () -> outcome(agreedNs, startMs, early);
    }

    /** Goes through the phases that have an end; whether it was told to stop early. */
    private boolean pace() throws InterruptedException {
      for (Phase next : List.of(Phase.WARMUP, Phase.IDLE, Phase.MEASURE)) {
        if (clock.timeline().has(next)) {
          phase = next;
          if (pacing.pace(next)) {
            return true;
          }
        }
      }
      return false;
    }

    /** Waits for replies; gives up on those that do not come. */
    private void drain() throws InterruptedException {
      long end = System.nanoTime() + plan.phases().drain().toNanos();
      while (pacing.workers().stream().anyMatch(w -> w.pending().count() > 0)
          && System.nanoTime() < end) {
        Thread.sleep(2);
      }
      pacing.workers().forEach(Worker::giveUp);
    }

    /**
     * Some libraries close in the background: the ledger is written when every connection has
     * ended, or soon after.
     */
    private void awaitDeaths() throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEATHS_MS);
      while (System.nanoTime() < end
          && ledger.entries().stream().anyMatch(e -> e.death() == Death.OPEN)) {
        Thread.sleep(2);
      }
    }

    private LoadOutcome outcome(long agreedNs, long startMs, boolean early) {
      return new LoadOutcome(
          new LoadOutcome.Times(
              agreedNs,
              startMs,
              startMs + plan.phases().beforeMeasure().toMillis(),
              clock.timeline().measuredNs()),
          tally.requests(),
          sampler.cpu(),
          tally.intervals(),
          ledger.rows(),
          tally.replies().seen(),
          early,
          Double.NaN);
    }
  }
}
