package dev.conntrail.load.loop;

import dev.conntrail.load.codec.Body;
import dev.conntrail.load.codec.Output;
import dev.conntrail.load.codec.Wire;
import dev.conntrail.posix.Errno;
import dev.conntrail.record.Death;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.function.Consumer;

/** One connection: bytes between its socket and its protocol, and its row of the ledger. */
final class LoopConnection implements Wire.Listener {
  /** What it is at. */
  private enum State {
    CONNECTING,
    GREETING,
    UP,
    ENDING,
    CLOSED
  }

  /** How often it receives before others have their turn. */
  private static final int AT_A_TIME = 8;

  private final Loop loop;
  private final LoopCaller caller;
  private final long begunNs = System.nanoTime();
  private final Answerer answerer;
  private final Wire wire;
  private State state = State.CONNECTING;
  private Link link;
  private final Inbox inbox = new Inbox();
  private final Outbox outbox = new Outbox();
  private long heardNs = begunNs;
  private long withheldNs;
  private boolean writing;

  LoopConnection(Loop loop, LoopCaller caller) {
    this.loop = loop;
    this.caller = caller;
    this.answerer = new Answerer(loop.wires().teller());
    this.wire = loop.wires().of(caller.target(), this);
  }

  /** Begins to connect. */
  void connect() throws IOException {
    link = loop.connect(this, caller.target());
  }

  long begunNs() {
    return begunNs;
  }

  /** Whether a request may be sent on it now. */
  boolean usable() {
    return state == State.UP && wire.ready();
  }

  /** Whether it is on its way to be usable; a server of HTTP/2 may allow nothing for a while. */
  boolean coming() {
    return state == State.UP ? !wire.ready() && !wire.spent() : state.compareTo(State.UP) < 0;
  }

  /** Sends a request. */
  void request() {
    if (writing) {
      wire.request(loop.out());
    } else {
      Output out = loop.out();
      out.clear();
      wire.request(out);
      flush(out);
    }
    if (wire.withholds()) {
      withheldNs = loop.pacing().withheld(this);
    }
  }

  /** Sends the body of the request that was sent then, if it still waits for the server's leave. */
  void insist(long sentNs) {
    if (state == State.UP && wire.withholds() && withheldNs == sentNs) {
      say(wire::insist);
    }
  }

  /** Says what the protocol has to say now. */
  private void say(Consumer<Output> words) {
    Output out = loop.out();
    out.clear();
    words.accept(out);
    flush(out);
  }

  /** There is something to do for its socket. */
  void ready(int what) {
    if (state == State.CONNECTING) {
      connected();
      return;
    }
    if ((what & Net.OUT) != 0 && state != State.CLOSED) {
      sent(outbox.sendMore(link));
    }
    boolean more = (what & Net.IN) != 0;
    for (int n = 0; more && state != State.CLOSED; n++) {
      if (n == AT_A_TIME) {
        loop.later(() -> ready(what));
        return;
      }
      more = receive((what & Net.ENDED) != 0);
    }
  }

  private void connected() {
    int made = link.connected();
    if (made == -Errno.EAGAIN) {
      return;
    }
    if (made < 0) {
      lost(Link.none(caller.target(), Errno.text(-made)), Link.death(-made));
      return;
    }
    long now = System.nanoTime();
    link.awaitWritable(false);
    answerer.born(link.local(), caller.target(), now, now - begunNs);
    loop.born(answerer, now, now - begunNs);
    heardNs = now;
    state = State.GREETING;
    writing = true;
    say(out -> {
      wire.begin(out);
      greeted();
      writing = false;
    });
  }

  private void greeted() {
    if (state == State.GREETING && wire.ready()) {
      state = State.UP;
    }
    if (!coming()) {
      caller.up(this);
    }
  }

  /**
   * Receives once.
   *
   * @param ends whether the end is behind what comes
   * @return whether there is more to come, of which nobody will be told
   */
  private boolean receive(boolean ends) {
    byte[] in = loop.in();
    int from = inbox.into(in);
    int room = in.length - from;
    int n = link.receive(in, from, room);
    if (n > 0 && state != State.ENDING) {
      took(in, from + n);
    } else if (n <= 0 && n != -Errno.EAGAIN) {
      ended(n);
    }
    return n > 0 && (ends || n == room);
  }

  private void took(byte[] in, int to) {
    Output out = loop.out();
    out.clear();
    writing = true;
    try {
      inbox.keep(in, wire.consume(in, 0, to, out), to);
    } catch (ProtocolException e) {
      writing = false;
      flush(out);
      lost(e, Death.ERROR);
      return;
    }
    heardNs = loop.nowNs();
    greeted();
    writing = false;
    flush(out);
    if (state == State.UP && wire.spent() && !caller.waitsFor(this)) {
      retire();
    }
  }

  /** Nothing more comes. */
  private void ended(int why) {
    if (state == State.ENDING) {
      close();
      return;
    }
    try {
      if (why == 0) {
        writing = true;
        wire.ended();
        writing = false;
      }
      lost(Link.ended(-why, wire.cut(inbox.length())), Link.death(-why));
    } catch (ProtocolException e) {
      lost(e, Death.PEER_FIN);
    }
  }

  private void flush(Output out) {
    if (outbox.overflows(out)) {
      lost(new IOException("the peer asks on and on, and reads nothing"), Death.ERROR);
    } else {
      sent(state == State.CLOSED ? 0 : outbox.send(out, link));
    }
  }

  private void sent(int result) {
    if (result < 0) {
      lost(Link.ended(-result, ""), Link.death(-result));
    }
  }

  @Override
  public void answered(int status, Body body) {
    caller.answered(this, status, wire.seen(), body);
  }

  @Override
  public void refused(IOException why) {
    caller.refused(this, why);
  }

  @Override
  public void leaving() {
    answerer.leaving();
  }

  Answerer answerer() {
    return answerer;
  }

  /** Whether no request can follow the last one. */
  boolean spent() {
    return wire.spent();
  }

  /** It is broken, or cannot be made. */
  void lost(IOException why, Death death) {
    if (state == State.CLOSED) {
      return;
    }
    answerer.died(death);
    close();
    caller.lost(this, why);
  }

  /** Asks for a sign of life; without one for so long it is given up. */
  void keepAlive(long patienceNs) {
    if (state == State.UP && loop.nowNs() - heardNs > patienceNs) {
      lost(new IOException("no answer to pings"), Death.TIMED_OUT);
    } else if (state == State.UP) {
      say(wire::ping);
    }
  }

  /** The client ends it in good order, and waits a while for the peer to do the same. */
  void retire() {
    if (state == State.CLOSED || state == State.ENDING) {
      return;
    }
    boolean orderly = state != State.CONNECTING;
    if (orderly) {
      say(wire::goodbye);
    }
    if (state != State.CLOSED) {
      answerer.died(Death.CLIENT);
      caller.forget(this);
      if (orderly && outbox.empty()) {
        state = State.ENDING;
        loop.goodbyes().add(link, wire.endsFirst());
      } else {
        close();
      }
    }
  }

  /** The only request of the connection was answered. */
  void finish() {
    answerer.died(Death.CLIENT);
    close();
  }

  /** Gives the socket back. */
  void close() {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      link.close();
      loop.goodbyes().remove(link);
    }
  }
}
