package dev.conntrail.load.loop;

import dev.conntrail.load.Answers;
import dev.conntrail.load.Phase;
import dev.conntrail.load.PhaseClock;
import dev.conntrail.load.Tally;
import dev.conntrail.load.Timeline;
import dev.conntrail.load.codec.Output;
import dev.conntrail.record.LedgerRow;
import dev.conntrail.record.Replies;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** One thread: its callers, their connections, their part of the schedule, and what it records. */
final class Loop implements Runnable {
  private static final int BUFFER = 1 << 17;

  /** How many replies are recorded together. */
  private static final int TOGETHER = 256;

  private static final long LONGEST_WAIT_NS = 100_000_000;
  private static final long CHECK_NS = 2_000_000;

  private final LoadPlan plan;
  private final PhaseClock clock;
  private final Net.Options options;
  private final Net net;
  private final Wires wires;
  private final Tally tally;
  private final Answers answers;
  private final Cuts cuts;
  private final List<Answerer> ledger = new ArrayList<>();
  private final List<LoopCaller> callers = new ArrayList<>();
  private final LoopPacing pacing;
  private final LoopOpener opener;
  private final Pings pings;
  private final Queue<Runnable> later = new ArrayDeque<>();
  private final Goodbyes goodbyes = new Goodbyes();
  private final CountDownLatch connected = new CountDownLatch(1);
  private final byte[] in = new byte[BUFFER];
  private final Output out = new Output();
  private Phase phase = Phase.CONNECT;
  private long nowNs;
  private long nextLookNs = Long.MAX_VALUE;
  private volatile boolean woken;
  private boolean closed;
  private volatile Throwable failure;

  /**
   * A loop.
   *
   * @param number of the thread, from 0
   * @param of how many threads there are: each has every so-manieth caller
   */
  Loop(
      LoadPlan plan,
      List<InetSocketAddress> targets,
      PhaseClock clock,
      Net net,
      Net.Options options,
      int number,
      int of) {
    this.plan = plan;
    this.clock = clock;
    this.options = options;
    this.net = net;
    this.wires = new Wires(plan.callers().protocol(), plan.exchange(), new SplittableRandom());
    this.tally = new Tally(plan.open());
    this.answers = new Answers(tally, TOGETHER);
    this.cuts = new Cuts(tally, answers);
    for (int i = number; i < plan.callers().count(); i += of) {
      callers.add(new LoopCaller(this, i, targets.get(i % targets.size())));
    }
    this.pacing = new LoopPacing(plan, clock, callers, number, of);
    this.opener = new LoopOpener(plan, clock, callers, of);
    this.pings = new Pings(options.keepAlives(), callers);
  }

  /** Waits until all connections are there that are opened before the first phase. */
  void awaitConnected() throws InterruptedException {
    connected.await();
  }

  /** The first phase has begun on the clock. */
  void begin(Replies replies, long startMs) {
    tally.begin(replies, startMs);
    wake();
  }

  /** Phases changed on the clock. */
  synchronized void wake() {
    if (!closed) {
      woken = true;
      net.wake();
    }
  }

  private synchronized void close() {
    closed = true;
    net.close();
  }

  Tally tally() {
    return tally;
  }

  Answers answers() {
    return answers;
  }

  /** Its rows of the ledger, once it has ended. */
  Stream<LedgerRow> rows() {
    return ledger.stream().map(Answerer::row);
  }

  /** What ended it before its time; null if nothing did. */
  Throwable failure() {
    return failure;
  }

  /** Begins to connect. */
  Link connect(LoopConnection one, InetSocketAddress target) throws IOException {
    return net.connect(one, target, options);
  }

  Wires wires() {
    return wires;
  }

  byte[] in() {
    return in;
  }

  Output out() {
    return out;
  }

  /** When the clock was last read. */
  long nowNs() {
    return nowNs;
  }

  /** Reads the clock. */
  long readNs() {
    nowNs = System.nanoTime();
    return nowNs;
  }

  boolean open() {
    return plan.open();
  }

  Protocol protocol() {
    return plan.callers().protocol();
  }

  Phase phase() {
    return phase;
  }

  PhaseClock clock() {
    return clock;
  }

  LoopPacing pacing() {
    return pacing;
  }

  /** A connection is there, and this is its row of the ledger. */
  void born(Answerer row, long atNs, long tookNs) {
    if (protocol().longLived() || clock.measures(atNs)) {
      tally.connected(tookNs);
    }
    ledger.add(row);
  }

  /** A caller's first connection is there, or cannot be had. */
  void opened() {
    opener.opened();
  }

  /** Does this when what is going on has ended. */
  void later(Runnable action) {
    later.add(action);
  }

  Goodbyes goodbyes() {
    return goodbyes;
  }

  @Override
  public void run() {
    try {
      net.prepare();
      while (phase != Phase.OVER) {
        turn();
      }
      goodbye();
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    } finally {
      connected.countDown();
      close();
    }
  }

  private void turn() throws IOException {
    readNs();
    if (phase == Phase.CONNECT) {
      connects();
    } else if (nowNs - nextLookNs >= 0 || woken) {
      look();
    }
    long nextNs = Math.min(opener.turn(nowNs), pacing.turn(nowNs));
    nextNs = Math.min(nextNs, Math.min(goodbyes.turn(nowNs), pings.turn(nowNs)));
    nextNs = Math.min(nextNs, nextLookNs);
    settle();
    long longestNs = phase == Phase.DRAIN ? CHECK_NS : LONGEST_WAIT_NS;
    long fromNs = open() ? System.nanoTime() : nowNs; // requests of a schedule took a while to send
    await(later.isEmpty() ? Math.clamp(nextNs - fromNs, 0, longestNs) : 0);
  }

  private void await(long waitNs) throws IOException {
    int ready = net.await(waitNs);
    for (int i = 0; i < ready; i++) {
      Link link = net.link(i);
      if (link != null) {
        link.owner().ready(net.ready(i));
        pacing.due(nowNs);
      }
    }
    settle();
  }

  private void settle() {
    for (int n = later.size(); n > 0; n--) {
      later.remove().run();
    }
  }

  private void connects() {
    if (tally.replies() != null) {
      cuts.begin(clock.timeline());
      pings.begin(nowNs);
      opener.begin();
      look();
    } else if (opener.done()) {
      connected.countDown();
    }
  }

  /** Does what nearly all turns have nothing of. */
  private void look() {
    woken = false;
    Timeline timeline = clock.timeline();
    Phase now = timeline.phaseAt(nowNs);
    if (now != phase) {
      phase = now;
      pacing.phase(now);
    }
    cuts.turn(nowNs, timeline);
    nextLookNs = Math.min(cuts.nextNs(), timeline.endNs(phase));
    if (phase == Phase.DRAIN) {
      nextLookNs = nowNs + CHECK_NS;
      drain(nowNs - timeline.measureEndNs());
    }
  }

  /** Waits for replies; gives up on those that do not come. */
  private void drain(long lastedNs) {
    if (pacing.behind()) {
      return;
    }
    boolean waits = callers.stream().anyMatch(c -> c.waiting() > 0);
    if (!waits || lastedNs >= plan.phases().drain().toNanos()) {
      callers.forEach(LoopCaller::giveUp);
      cuts.now();
      phase = Phase.OVER;
    }
  }

  /** Ends all connections, and waits a while for the other side to do the same. */
  private void goodbye() throws IOException {
    goodbyes.begin(callers);
    while (goodbyes.lasts()) {
      await(CHECK_NS);
    }
  }
}
