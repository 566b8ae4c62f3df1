package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty, which answers each path in a way of its own, in HTTP/1.1, HTTP/2 and WebSocket. */
public final class JettyServer implements CountedServer {
  /** How it answers messages: names of paths of WebSockets. */
  static final List<String> WAYS =
      List.of(
          "text",
          "long",
          "binary",
          "empty",
          "fragments",
          "pinged",
          "unasked",
          "1000",
          "1001",
          "1008",
          "1011",
          "3000",
          "4999");

  private static final int HEADS = 64 * 1024;
  private static final int PIECES = 3;

  /** What clients said on WebSockets that no request of theirs is. */
  final List<String> said = new CopyOnWriteArrayList<>();

  private final Set<String> connections = new ConcurrentSkipListSet<>();

  private final Server server = new Server();
  private final ServerConnector connector;

  JettyServer() throws Exception {
    HttpConfiguration config = new HttpConfiguration();
    config.setSendDateHeader(false);
    config.setResponseHeaderSize(HEADS);
    config.setMaxResponseHeaderSize(HEADS);
    connector =
        new ServerConnector(
            server,
            1,
            1,
            new HttpConnectionFactory(config),
            new HTTP2CServerConnectionFactory(config));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    WebSocketUpgradeHandler sockets =
        WebSocketUpgradeHandler.from(
            server,
            all ->
                all.addMapping(
                    "/ws/*",
                    (request, _, _) -> new Chat(Request.getPathInContext(request).substring(4))));
    sockets.setHandler(new Answers());
    server.setHandler(sockets);
    server.start();
  }

  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), connector.getLocalPort());
  }

  /** Those on which a request of HTTP came. */
  @Override
  public long connections() {
    return connections.size();
  }

  void stop() throws Exception {
    server.stop();
  }

  private final class Answers extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      connections.add(request.getConnectionMetaData().getId());
      response.getHeaders().put("X-Pod", "jetty-1");
      switch (Request.getPathInContext(request)) {
        case "/length" -> whole(response, callback, "pod-1 node-1");
        case "/long" -> whole(response, callback, "0123456789".repeat(30_000));
        case "/empty" -> whole(response, callback, "");
        case "/nothing" -> status(response, callback, 204);
        case "/unchanged" -> {
          response.getHeaders().put("ETag", "\"a\"");
          status(response, callback, 304);
        }
        case "/moved" -> {
          response.getHeaders().put("Location", "/length");
          status(response, callback, 302);
        }
        case "/refused" -> status(response, callback, 417);
        case "/failed" -> {
          response.setStatus(503);
          whole(response, callback, "no");
        }
        case "/chunks" -> pieces(response, callback);
        case "/trailers" -> {
          response.setTrailersSupplier(
              () -> HttpFields.build().put("X-Sum", "a b").put("X-Pod", "jetty-2"));
          pieces(response, callback);
        }
        case "/closes" -> {
          response.getHeaders().put("Connection", "close");
          whole(response, callback, "bye");
        }
        case "/until-close" -> {
          response.getHeaders().put("Connection", "close");
          pieces(response, callback);
        }
        case "/early" -> {
          response.writeInterim(103, HttpFields.build().put("Link", "</a>").put("X-Pod", "no"));
          whole(response, callback, "late");
        }
        case "/head" -> {
          for (int i = 0; i < PIECES; i++) {
            response.getHeaders().put("X-Large-" + i, Integer.toString(i).repeat(8000));
          }
          whole(response, callback, "large");
        }
        case "/values" -> {
          response.getHeaders().add("X-Twice", "one");
          response.getHeaders().add("X-Twice", "two");
          response.getHeaders().put("X-Empty", "");
          response.getHeaders().put("X-List", "a, b;c=\"d, e\"");
          whole(response, callback, "");
        }
        default ->
            whole(
                response,
                callback,
                request.getMethod() + " " + Content.Source.asString(request, UTF_8));
      }
      return true;
    }

    private void status(Response response, Callback callback, int status) {
      response.setStatus(status);
      response.write(true, ByteBuffer.allocate(0), callback);
    }

    private void whole(Response response, Callback callback, String body) {
      response.write(true, ByteBuffer.wrap(body.getBytes(UTF_8)), callback);
    }

    private void pieces(Response response, Callback callback) throws IOException {
      try (OutputStream out = Content.Sink.asOutputStream(response)) {
        for (int i = 0; i < PIECES; i++) {
          out.write(("piece " + i + "\n").getBytes(UTF_8));
          out.flush();
        }
      }
      callback.succeeded();
    }
  }

  /** Answers each message as the path has it; public, for Jetty looks it up. */
  public final class Chat implements Session.Listener.AutoDemanding {
    private static final org.eclipse.jetty.websocket.api.Callback NONE =
        org.eclipse.jetty.websocket.api.Callback.NOOP;

    private final String how;
    private Session session;

    Chat(String how) {
      this.how = how;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
      session = opened;
    }

    @Override
    public void onWebSocketText(String message) {
      switch (how) {
        case "long" -> session.sendText("0123456789".repeat(30_000), NONE);
        case "binary" -> session.sendBinary(ByteBuffer.wrap(message.getBytes(UTF_8)), NONE);
        case "fragments" -> fragments(false, message);
        case "pinged" -> fragments(true, message);
        case "empty" -> session.sendText("", NONE);
        case "unasked" -> {
          session.sendPong(ByteBuffer.wrap(new byte[] {1}), NONE);
          session.sendText(message, NONE);
        }
        case "text" -> session.sendText(message + " \u00fc \u20ac \ud83d\ude00", NONE);
        default -> session.close(Integer.parseInt(how), "the reason", NONE);
      }
    }

    private void fragments(boolean pinged, String message) {
      session.sendPartialText(message, false, NONE);
      if (pinged) {
        session.sendPing(ByteBuffer.wrap("are you there".getBytes(UTF_8)), NONE);
      }
      session.sendPartialText("", false, NONE);
      session.sendPartialText(" and more", true, NONE);
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
      said.add("pong " + UTF_8.decode(payload));
    }

    @Override
    public void onWebSocketClose(
        int code, String reason, org.eclipse.jetty.websocket.api.Callback callback) {
      said.add("close " + code);
      callback.succeed();
    }
  }
}
