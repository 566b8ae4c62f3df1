package dev.conntrail.record;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** A connection of a client library, as it lives. Safe for use by several threads. */
public final class LedgerEntry {
  private record End(long atNs, Death death) {}

  private final InetSocketAddress local;
  private final InetSocketAddress remote;
  private final long bornNs;
  private final long connectNs;
  private final AtomicReference<End> end = new AtomicReference<>();
  private final AtomicReference<EchoLine> home = new AtomicReference<>();
  private final AtomicReference<Death> leaving = new AtomicReference<>();
  private volatile long lastReplyNs;
  private volatile long lastRequestNs;
  private final LongAdder requests = new LongAdder();
  private final LongAdder measuredRequests = new LongAdder();
  private final LongAdder strays = new LongAdder();

  LedgerEntry(InetSocketAddress local, InetSocketAddress remote, long bornNs, long connectNs) {
    this.local = local;
    this.remote = remote;
    this.bornNs = bornNs;
    this.connectNs = connectNs;
  }

  /**
   * Notes a reply.
   *
   * @param measured 1, or 0 if its request is not
   * @param sentNs when its request was sent, {@link System#nanoTime()}
   * @param atNs when it came, on the same clock
   */
  public void replied(EchoLine line, int measured, long sentNs, long atNs) {
    requests.increment();
    lastRequestNs = sentNs;
    lastReplyNs = atNs;
    measuredRequests.add(measured);
    if (home.get() == null) {
      home.compareAndSet(null, line);
    }
    if (!home.get().pod().equals(line.pod())) {
      strays.increment();
    }
  }

  /** The pod's side told the client to leave. */
  public void goodbye() {
    leaving.compareAndSet(null, Death.GOODBYE);
  }

  /** The client had used it long enough. */
  public void retired() {
    leaving.compareAndSet(null, Death.RETIRED);
  }

  /** Whether it is to be left, whoever said so. */
  public boolean leaving() {
    return leaving.get() != null;
  }

  /**
   * Notes the end; the first cause stays. Once it was to be left, it does not matter who closed it.
   */
  public void died(long atNs, Death death) {
    end.compareAndSet(null, new End(atNs, death.of(leaving.get())));
  }

  /** The client's end. */
  public InetSocketAddress local() {
    return local;
  }

  /** What the client connected to. */
  public InetSocketAddress remote() {
    return remote;
  }

  /** When connect() returned, {@link System#nanoTime()}. */
  public long bornNs() {
    return bornNs;
  }

  /** How long the TCP handshake took, in nanoseconds. */
  public long connectNs() {
    return connectNs;
  }

  /** When it ended, {@link System#nanoTime()}; 0 while it lives. */
  public long diedNs() {
    End e = end.get();
    return e == null ? 0 : e.atNs();
  }

  /** Why it ended. */
  public Death death() {
    End e = end.get();
    return e == null ? Death.OPEN : e.death();
  }

  /** The pod of its first reply; empty if there was none. */
  public String pod() {
    EchoLine line = home.get();
    return line == null ? "" : line.pod();
  }

  /** The node of its first reply; empty if there was none. */
  public String node() {
    EchoLine line = home.get();
    return line == null ? "" : line.node();
  }

  /**
   * When its last reply came, {@link System#nanoTime()}; 0 if none did. A library that closes a
   * connection because a reply said so ({@code Connection: close}) does it before it hands that
   * reply over: then the reply had come by the end, and is later than that by no more than it took
   * to be handed over.
   */
  public long lastReplyNs() {
    long died = diedNs();
    return lastReplyNs == 0 || died == 0 || lastReplyNs - died < 0 ? lastReplyNs : died;
  }

  /** When the request was sent that the last reply answers; 0 if none did. */
  public long lastRequestNs() {
    return lastRequestNs;
  }

  /** Requests answered on it, warm-up included. */
  public long requests() {
    return requests.sum();
  }

  /** Requests answered on it that were due in the measure phase. */
  public long measuredRequests() {
    return measuredRequests.sum();
  }

  /**
   * Replies that named another pod than the first did; 0 if the connection stayed where it landed.
   */
  public long strays() {
    return strays.sum();
  }

  /** It as it is now, not numbered yet. */
  LedgerRow row() {
    return new LedgerRow(
        0,
        local,
        remote,
        bornNs,
        connectNs,
        diedNs(),
        death(),
        pod(),
        node(),
        requests(),
        measuredRequests(),
        strays(),
        lastRequestNs,
        lastReplyNs());
  }
}
