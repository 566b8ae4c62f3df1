package dev.conntrail.echo;

import dev.conntrail.spec.ClosedBy;
import dev.conntrail.spec.Recycling;
import dev.conntrail.spec.Spoken;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * What stands between a connection of a pod and the network, whatever is spoken: while the pod is
 * paused nothing passes in either direction, and it sees who closes the connection.
 */
final class Gate extends ChannelDuplexHandler {
  /** The gate of a channel. */
  static final AttributeKey<Gate> OF = AttributeKey.valueOf("gate");

  /**
   * Told to a connection's handlers: have the client leave.
   *
   * @param webSocket what WebSocket's close frame says
   */
  record Goodbye(WebSocketCloseStatus webSocket) {}

  private final PodServer pod;
  private final PodListener.Socket socket;
  private final Spoken spoken;
  private final Queue<Runnable> held = new ArrayDeque<>();
  private final PodLedger.Connection connection;
  private LateAnswers answers;
  private ChannelHandlerContext context;
  private boolean shut;
  private boolean told;
  private long mostRequests = Long.MAX_VALUE;
  private volatile boolean overdue;

  /**
   * That of a connection that was accepted. It counts from then on: where its client has gone
   * already, a server's first write may end it before any handler hears of it.
   *
   * @param spoken what is known to be spoken on it
   */
  Gate(PodServer pod, PodListener.Socket socket, Spoken spoken) {
    this.pod = pod;
    this.socket = socket;
    this.spoken = spoken;
    this.connection = pod.ledger().opened(socket.remoteAddress(), spoken);
    socket.attr(OF).set(this);
  }

  PodServer pod() {
    return pod;
  }

  PodLedger.Connection connection() {
    return connection;
  }

  LateAnswers answers() {
    return answers;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelActive(ChannelHandlerContext active) throws Exception {
    answers = new LateAnswers(socket.eventLoop(), pod.pace());
    pod.opened(this);
    pod.recycling().flatMap(Recycling::maxRequests).ifPresent(most -> mostRequests = most);
    pod.recycling()
        .flatMap(Recycling::maxAge)
        .filter(_ -> spoken != Spoken.GRPC)
        .ifPresent(_ ->
            socket.eventLoop().schedule(this::outlived, pod.drawAgeNs(), TimeUnit.NANOSECONDS));
    adapt();
    super.channelActive(active);
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) throws Exception {
    closed(ClosedBy.CLIENT);
    shut = false;
    release(); // a write to what is closed fails, and lets go of its memory
    super.channelInactive(inactive);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) throws Exception {
    if (cause instanceof IOException) {
      closed(ClosedBy.CLIENT);
    }
    super.exceptionCaught(failed, cause);
  }

  private void closed(ClosedBy by) {
    connection.closed(told ? ClosedBy.GOODBYE : by);
    pod.closed(this);
  }

  /** It is closed: by its client, where nobody has said otherwise. */
  void ended() {
    closed(ClosedBy.CLIENT);
  }

  /** In its event loop, which an accepted socket is given to at once, but not as it is accepted. */
  private Future<?> inLoop(Runnable work) {
    while (!socket.isRegistered()) {
      if (!socket.isOpen()) {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
      }
      Thread.onSpinWait();
    }
    return socket.eventLoop().submit(work);
  }

  /** Stops or lets pass, as the pod does. */
  Future<?> changed() {
    return inLoop(this::adapt);
  }

  private void adapt() {
    if (pod.paused() == shut) {
      return;
    }
    shut = pod.paused();
    if (!shut) {
      release();
    }
    socket.config().setAutoRead(!shut);
  }

  private void release() {
    for (Runnable next = held.poll(); next != null; next = held.poll()) {
      next.run();
    }
  }

  @Override
  public void write(ChannelHandlerContext to, Object message, ChannelPromise written) {
    if (shut) {
      held.add(() -> to.write(message, written));
    } else {
      to.write(message, written);
    }
  }

  @Override
  public void flush(ChannelHandlerContext to) {
    if (shut) {
      held.add(to::flush);
    } else {
      to.flush();
    }
  }

  /** Handlers close: the client asked for it, an error, or the pod is leaving. */
  @Override
  public void close(ChannelHandlerContext to, ChannelPromise done) {
    if (shut) {
      held.add(() -> close(to, done));
    } else {
      closed(pod.leaving() || recycled() ? ClosedBy.GOODBYE : connection.spoken().asked());
      to.close(done);
    }
  }

  /** Ends it as a killed process's; no handler has a say in it. */
  Future<?> exit() {
    return inLoop(() -> {
      connection.closed(ClosedBy.EXIT);
      pod.closed(this);
      try {
        socket.asKilled();
      } catch (IOException _) {
        // it is closed already
      }
      context.close();
    });
  }

  /** Has the client leave. HTTP/1.1 has no word for it but beside an answer. */
  Future<?> goodbye() {
    return inLoop(() -> tell(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE));
  }

  private void tell(WebSocketCloseStatus webSocket) {
    if (connection.spoken().tells() && !told) {
      told = true;
      context.fireUserEventTriggered(new Goodbye(webSocket));
    }
  }

  /** It was used long enough: the client is to leave, now or, with HTTP/1.1, beside an answer. */
  private void outlived() {
    overdue = true;
    tell(WebSocketCloseStatus.SERVICE_RESTART);
  }

  /** Whether the client is to leave, for it was used long enough. */
  boolean overdue() {
    return overdue;
  }

  /** gRPC counts by itself. */
  private boolean recycled() {
    return overdue || (spoken == Spoken.GRPC && pod.recycling().isPresent());
  }

  /** Whether the next answer has the client leave. */
  boolean lastIsNext() {
    return pod.leaving() || overdue || connection.requests() + 1 >= mostRequests;
  }

  /** A request was answered, which may be the last that it is to carry. */
  void answered() {
    if (connection.requests() >= mostRequests && !overdue) {
      overdue = true;
      socket.eventLoop().execute(() -> tell(WebSocketCloseStatus.SERVICE_RESTART));
    }
  }

  /** What the protocol turned out to be: who should have been told by now is. */
  void known() {
    if (pod.leaving()) {
      goodbye();
    } else if (overdue) {
      tell(WebSocketCloseStatus.SERVICE_RESTART);
    }
  }
}
