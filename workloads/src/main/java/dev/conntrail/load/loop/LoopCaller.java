package dev.conntrail.load.loop;

import dev.conntrail.load.codec.Body;
import dev.conntrail.record.Replies;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * One caller's requests, one outstanding at a time. Each ends once: answered, failed, given up. In
 * an open loop one that is due while another is outstanding waits here and keeps its due time; in a
 * closed loop it is due when the one before it was answered.
 */
final class LoopCaller {

  /** What it is at. */
  private enum State {
    /** Its connection is not wanted yet, or is made: requests wait. */
    HELD,
    /** The first exchange of its first connection is on its way. */
    TRYING,
    /** Requests are sent as they are due. */
    FREE,
    /** No more requests are sent, and what comes counts for nothing. */
    OVER
  }

  private final Loop loop;
  private final int index;
  private final InetSocketAddress target;
  private State state = State.HELD;
  private LoopConnection connection;
  private boolean outstanding;
  private boolean unsent;
  private boolean failing;
  private long waiting;
  private long first = -1;
  private long ended;
  private long dueNs;
  private long sentNs;
  private int measured;

  LoopCaller(Loop loop, int index, InetSocketAddress target) {
    this.loop = loop;
    this.index = index;
    this.target = target;
  }

  int index() {
    return index;
  }

  InetSocketAddress target() {
    return target;
  }

  LoopConnection connection() {
    return connection;
  }

  /** How many of its requests have not ended. */
  long waiting() {
    return waiting;
  }

  /** The measure phase begins: notes what was due before and waits behind another. */
  void carry() {
    if (waiting > 1) {
      loop.tally().carried(waiting - 1);
    }
  }

  /** Opens its first connection, with a first exchange, which is no request of the plan. */
  void open() {
    state = State.TRYING;
    unsent = true;
    sentNs = System.nanoTime();
    connect();
  }

  /** It needs no connection before its first request. */
  void free() {
    state = State.FREE;
    if (!loop.open()) {
      fire();
    } else if (waiting > 0) {
      begin(false, System.nanoTime());
    }
  }

  private void connect() {
    try {
      connection = new LoopConnection(loop, this);
      connection.connect();
    } catch (IOException e) {
      connection = null;
      fails(Link.none(target, e.getMessage()));
    }
  }

  /** Its connection is there, or lets requests through again, or ends without having done so. */
  void up(LoopConnection made) {
    if (!unsent || !waitsFor(made)) {
      return;
    }
    if (!made.usable()) {
      connect();
      return;
    }
    if (state == State.TRYING) {
      sentNs = System.nanoTime();
    }
    send();
  }

  private void send() {
    unsent = false;
    connection.request();
  }

  /** Whether its first connection is on its way. */
  boolean trying() {
    return state == State.TRYING;
  }

  /** A request of the schedule is due then. */
  void due(long ns) {
    loop.tally().due(loop.clock().measured(ns), ns);
  }

  /** The {@code k}-th request is due, from 0; those before the first were never due. */
  void fire(long k) {
    if (first < 0) {
      first = k;
    }
    if (waiting++ == 0 && state == State.FREE) {
      begin(true, System.nanoTime());
    }
  }

  /** In a closed loop: sends, unless a request is outstanding. */
  void fire() {
    fireAt(System.nanoTime());
  }

  private void fireAt(long nowNs) {
    if (waiting == 0 && loop.phase().sends() && state == State.FREE) {
      waiting = 1;
      begin(false, nowNs);
    }
  }

  private void begin(boolean paced, long nowNs) {
    sentNs = nowNs;
    dueNs = dueNs(0, sentNs);
    measured = loop.clock().measured(dueNs);
    if (paced) {
      loop.answers().paced(measured, sentNs - dueNs);
    }
    outstanding = true;
    unsent = true;
    if (connection != null && connection.usable()) {
      send();
    } else if (connection == null || !connection.coming()) {
      connect();
    }
  }

  private long dueNs(long ahead, long otherwiseNs) {
    return loop.open() ? loop.clock().dueNs(index, first + ended + ahead) : otherwiseNs;
  }

  /** Whether it waits for a reply on this connection. */
  boolean waitsFor(LoopConnection one) {
    return one == connection && !failing && (outstanding || state == State.TRYING);
  }

  /** A reply came. */
  void answered(LoopConnection on, int status, String seen, Body body) {
    if (!waitsFor(on)) {
      return;
    }
    long now = loop.readNs();
    boolean trying = state == State.TRYING;
    if (loop.protocol().repliesHaveStatuses()) {
      loop.tally().replied(status);
    }
    String other;
    try {
      if (!loop.wires().teller().answers(status)) {
        throw loop.wires().teller().refusal(status);
      }
      other = on.answerer().heard(body, loop.protocol().grpc(), seen);
    } catch (IllegalArgumentException e) {
      refused(on, new IOException(e.getMessage()));
      return;
    }
    on.answerer().counts(measured, sentNs, now);
    leave(on);
    if (trying) {
      opened();
      return;
    }
    outstanding = false;
    Replies replies = loop.tally().replies();
    Replies.OfPod pod = other == null ? on.answerer().counters(replies) : replies.of(other);
    loop.answers().add(pod, measured, dueNs, sentNs, now);
    next(true, now);
  }

  /** A connection that can carry no more is let go before the next request. */
  private void leave(LoopConnection on) {
    if (on.spent()) {
      connection = null;
      if (!loop.protocol().longLived()) {
        on.finish();
      }
    }
  }

  /** No reply will come to the request. */
  void refused(LoopConnection on, IOException why) {
    if (waitsFor(on)) {
      leave(on);
      fails(why);
    }
  }

  /** The connection is broken, or could not be made. */
  void lost(LoopConnection one, IOException why) {
    boolean waited = waitsFor(one);
    forget(one);
    if (waited) {
      fails(why);
    }
  }

  /** The connection ends. */
  void forget(LoopConnection one) {
    if (connection == one) {
      connection = null;
    }
  }

  /** What waits for a reply has failed; that is noted when what is going on has ended. */
  private void fails(IOException why) {
    failing = true;
    loop.later(() -> failed(why));
  }

  private void failed(IOException why) {
    failing = false;
    if (state == State.TRYING) {
      loop.tally().connectFailed(why, sentNs, loop.clock().measures(sentNs));
      opened();
    } else if (outstanding && state != State.OVER) {
      outstanding = false;
      loop.tally().failed(why, dueNs, measured == 1);
      next(false, System.nanoTime());
    }
  }

  /** The first connection is there, or cannot be had. */
  private void opened() {
    measured = 0;
    loop.opened();
    free();
  }

  /** The next request may follow at once: the clock was read a moment ago. */
  private void next(boolean well, long nowNs) {
    ended++;
    waiting--;
    if (loop.open()) {
      if (waiting > 0) {
        begin(false, nowNs);
      }
    } else if (!well) {
      loop.pacing().again(this, nowNs);
    } else {
      fireAt(nowNs);
    }
  }

  /** Gives up the requests that have not ended, those too that were due and not sent. */
  void giveUp() {
    long now = System.nanoTime();
    for (long i = 0; i < waiting; i++) {
      long due = dueNs(i, dueNs);
      loop.tally().gaveUp(due, now, loop.clock().measures(due));
    }
    waiting = 0;
    outstanding = false;
    state = State.OVER;
  }
}
