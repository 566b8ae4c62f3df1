package dev.conntrail.load.client;

import dev.conntrail.load.codec.OtherPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ServerHandshake;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** WebSocket by Java-WebSocket: two threads for each connection, by its design. */
final class WebSocketClients implements ProtocolClient {
  /**
   * Of Java-WebSocket's {@code Draft_6455}, of a handshake that is answered by another than 101.
   */
  private static final Pattern STATUS =
      Pattern.compile("Invalid status code received: (?<status>\\d{3})");

  private final Connections connections;
  private final int pingsS;
  private final UnderWay underWay = new UnderWay();

  WebSocketClients(Connections connections) {
    ILoggerFactory _ =
        LoggerFactory.getILoggerFactory(); // before threads log, which it notes aloud
    this.connections = connections;
    this.pingsS = connections.keepAlives().pings() ? connections.keepAlives().seconds() : 0;
  }

  @Override
  public Caller caller(Pick pick) {
    return new WebSocketCaller(pick);
  }

  @Override
  public void close() {
    underWay.await();
  }

  private final class WebSocketCaller implements Caller {
    private final AtomicReference<Reply> outstanding = new AtomicReference<>();
    private final Set<WebSocketClient> opening = ConcurrentHashMap.newKeySet();
    private final Pick pick;
    private volatile WebSocketClient socket;
    private volatile String refusal = "";
    private volatile boolean closed;

    WebSocketCaller(Pick pick) {
      this.pick = pick;
    }

    private WebSocketClient make(Pick.Picked to, LongConsumer connected) {
      WebSocketClient made = listening(to);
      made.setSocketFactory(
          TrackedSocket.factory(connections.telling(connected), false, () -> false));
      made.setTcpNoDelay(true);
      made.setConnectionLostTimeout(pingsS);
      made.setDaemon(true);
      return made;
    }

    private WebSocketClient listening(Pick.Picked to) {
      return new WebSocketClient(uri(to.address())) {
        @Override
        public void onOpen(ServerHandshake handshake) {
          // connectBlocking returns now, if it still waits
          if (closed) {
            close();
          }
        }

        @Override
        public void onMessage(String line) {
          Reply reply = outstanding.getAndSet(null);
          if (reply != null) {
            reply.arrived(((TrackedSocket) socketOf(this)).entry(), line);
          }
        }

        @Override
        public void onClosing(int code, String reason, boolean remote) {
          if (remote) {
            ((TrackedSocket) socketOf(this)).entry().goodbye();
          }
        }

        @Override
        public void onClose(int code, String reason, boolean remote) {
          to.close();
          note(this, reason);
          failed(this, closed(code, remote ? "the peer" : "the client"));
        }

        @Override
        public void onError(Exception e) {
          note(this, e.getMessage());
          failed(this, e);
        }
      };
    }

    private static URI uri(InetSocketAddress to) {
      return URI.create("ws://" + to.getAddress().getHostAddress() + ":" + to.getPort() + "/ws");
    }

    private static IOException closed(int code, String by) {
      return new IOException("WebSocket closed by " + by + ", code " + code);
    }

    private static Socket socketOf(WebSocketClient client) {
      return client.getSocket();
    }

    /** What is said of one that does not open, the first time; what follows is a mere close. */
    private void note(WebSocketClient which, String said) {
      if (which.equals(socket) && refusal.isEmpty() && said != null) {
        refusal = said;
      }
    }

    /** One that was left says so too, and it is nobody's concern. */
    private void failed(WebSocketClient which, Exception why) {
      if (which.equals(socket)) {
        fail(why);
      }
    }

    private void fail(Exception why) {
      Reply reply = outstanding.getAndSet(null);
      if (reply != null) {
        reply.failed(why);
      }
    }

    @Override
    public void connect(IntConsumer statuses) throws IOException, InterruptedException {
      open();
    }

    private void open() throws IOException, InterruptedException {
      AtomicBoolean connected = new AtomicBoolean();
      WebSocketClient made = make(pick.next(), _ -> connected.set(true));
      socket = made;
      refusal = "";
      opening.add(made);
      boolean open = false;
      FirstExchange first = connections.first();
      long begunNs = System.nanoTime();
      try (UnderWay.Call _ = underWay.begin()) {
        open = !closed && made.connectBlocking(first.patience().toSeconds(), TimeUnit.SECONDS);
      } finally {
        opening.remove(made);
        if (!open) {
          abandon(made);
        }
      }
      if (!open) {
        boolean late = System.nanoTime() - begunNs >= first.patience().toNanos();
        throw late ? new IOException(first.late(connected.get())) : notOpened(made, refusal);
      }
    }

    private static IOException notOpened(WebSocketClient made, String said) {
      if (socketOf(made) instanceof TrackedSocket met && met.metHttp2()) {
        return OtherPort.http2();
      }
      Matcher status = STATUS.matcher(said);
      return new IOException(
          status.find()
              ? OtherPort.noWebSocket(Integer.parseInt(status.group("status")))
              : "no WebSocket connection to "
                  + made.getURI()
                  + (said.isEmpty() ? "" : ": " + said));
    }

    /** The library goes on trying when nobody waits any more: the kernel would, for minutes. */
    private static void abandon(WebSocketClient client) {
      client.close();
      Socket left = socketOf(client);
      if (left != null) {
        try {
          left.close();
        } catch (IOException e) {
          // then the kernel ends it
        }
      }
    }

    /**
     * One that has ended, is about to, or was used long enough, is opened anew, as any long-lived
     * client does; the library does not.
     */
    @Override
    public void send(Reply reply) {
      WebSocketClient now = socket;
      if (now != null && now.isOpen() && !leaves(now)) {
        sendNow(reply);
        return;
      }
      underWay.start(() -> {
        try {
          open();
          sendNow(reply);
        } catch (IOException | RuntimeException e) {
          reply.failed(e);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          reply.failed(e);
        }
      });
    }

    /**
     * Whether it is to be left: it was used long enough, and is closed then, or the pod said so.
     */
    private static boolean leaves(WebSocketClient client) {
      if (!(socketOf(client) instanceof TrackedSocket tracked)) {
        return false;
      }
      if (!tracked.over()) {
        return tracked.entry().leaving();
      }
      tracked.leave();
      client.close();
      return true;
    }

    private void sendNow(Reply reply) {
      outstanding.set(reply);
      try {
        if (socketOf(socket) instanceof TrackedSocket tracked) {
          tracked.use();
        }
        socket.send("echo");
      } catch (RuntimeException e) {
        fail(e);
      }
    }

    @Override
    public void close() {
      closed = true;
      opening.forEach(WebSocketCaller::abandon);
      WebSocketClient last = socket;
      if (last != null) {
        last.close();
      }
    }
  }
}
