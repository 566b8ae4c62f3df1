package dev.conntrail.load.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ServerHandshake;

/** WebSocket by Java-WebSocket: two threads for each connection, by its design. */
final class WebSocketClients implements ProtocolClient {
  private static final int CONNECT_TIMEOUT_S = 30;

  private final SocketFactory sockets;

  WebSocketClients(Connections connections) {
    this.sockets = TrackedSocket.factory(connections);
  }

  @Override
  public Caller caller(InetSocketAddress target) {
    return new WebSocketCaller(
        URI.create(
            "ws://" + target.getAddress().getHostAddress() + ":" + target.getPort() + "/ws"));
  }

  @Override
  public void close() {
    // callers share nothing
  }

  private final class WebSocketCaller implements Caller {
    private final AtomicReference<Reply> outstanding = new AtomicReference<>();
    private final WebSocketClient socket;

    WebSocketCaller(URI uri) {
      this.socket =
          new WebSocketClient(uri) {
            @Override
            public void onOpen(ServerHandshake handshake) {
              // connectBlocking returns now
            }

            @Override
            public void onMessage(String line) {
              Reply reply = outstanding.getAndSet(null);
              if (reply != null) {
                reply.arrived(((TrackedSocket) socketOf(this)).entry(), line);
              }
            }

            @Override
            public void onClose(int code, String reason, boolean remote) {
              fail(
                  new IOException(
                      "WebSocket closed by "
                          + (remote ? "the peer" : "the client")
                          + ", code "
                          + code));
            }

            @Override
            public void onError(Exception e) {
              fail(e);
            }
          };
      socket.setSocketFactory(sockets);
      socket.setTcpNoDelay(true);
      socket.setConnectionLostTimeout(0);
      socket.setDaemon(true);
    }

    private static Socket socketOf(WebSocketClient client) {
      return client.getSocket();
    }

    private void fail(Exception why) {
      Reply reply = outstanding.getAndSet(null);
      if (reply != null) {
        reply.failed(why);
      }
    }

    @Override
    public void connect() throws IOException, InterruptedException {
      if (!socket.connectBlocking(CONNECT_TIMEOUT_S, TimeUnit.SECONDS)) {
        throw new IOException(
            "no WebSocket connection to " + socket.getURI() + " in " + CONNECT_TIMEOUT_S + " s");
      }
    }

    @Override
    public void send(Reply reply) {
      outstanding.set(reply);
      try {
        socket.send("echo");
      } catch (RuntimeException e) {
        fail(e);
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
