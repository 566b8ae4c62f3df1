package dev.conntrail.load.codec;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;

/** WebSocket (RFC 6455): a request is a text message and the message in return. */
public final class WebSocketWire extends Wire {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int SWITCHING = 101;
  private static final int OK = 200;
  private static final int NORMAL = 1000;
  private static final int NO_CODE = 1005;

  private final Http1Request handshake;
  private final byte[] message;
  private final int opcode;
  private final WebSocketWelcome welcome;
  private final Http1Head head = new Http1Head("");
  private final WebSocketFrames frames;
  private boolean open;
  private boolean closing;
  private boolean outstanding;

  /**
   * A connection.
   *
   * @param key 16 bytes that nobody else has, for the handshake
   * @param message what is sent each time: a text, or binary if it is no UTF-8
   * @param masks where masks come from, shared by all connections of a thread
   */
  public WebSocketWire(
      String host,
      String path,
      List<Http1Request.Field> fields,
      byte[] key,
      byte[] message,
      SplittableRandom masks,
      Listener listener) {
    super(listener);
    String text = Base64.getEncoder().encodeToString(key);
    List<Http1Request.Field> all = new ArrayList<>(fields);
    all.add(new Http1Request.Field("Upgrade", "websocket"));
    all.add(new Http1Request.Field("Connection", "Upgrade"));
    all.add(new Http1Request.Field("Sec-WebSocket-Key", text));
    all.add(new Http1Request.Field("Sec-WebSocket-Version", "13"));
    this.handshake = Http1Request.of("GET", host, path, all, new byte[0], false);
    this.message = message.clone();
    this.opcode = Utf8.is(message) ? WebSocketFrames.TEXT : WebSocketFrames.BINARY;
    this.welcome = new WebSocketWelcome(accept(text), fields);
    this.frames = new WebSocketFrames(masks);
  }

  /** What a server must answer to a key (section 4.2.2). */
  static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void begin(Output out) {
    out.bytes(handshake.head());
  }

  @Override
  public boolean ready() {
    return open && !closing;
  }

  @Override
  public boolean spent() {
    return closing;
  }

  @Override
  public void request(Output out) {
    outstanding = true;
    frames.write(out, opcode, message, 0, message.length);
  }

  @Override
  public int consume(byte[] in, int from, int to, Output out) throws ProtocolException {
    int at = from;
    if (!open) {
      int end = head.read(in, from, to);
      if (end < 0) {
        return from;
      }
      if (head.status() != SWITCHING) {
        throw new ProtocolException(OtherPort.noWebSocket(head.status()));
      }
      welcome.check(in, from, end);
      open = true;
      at = end;
    }
    try {
      while (at < to && !closing) {
        int next = frames.take(in, at, to);
        act(out);
        if (next == at) {
          break;
        }
        at = next;
      }
    } catch (WebSocketFrames.Broken e) {
      closing = true;
      frames.close(out, e.code());
      throw e;
    }
    frames.message().keep();
    return closing ? to : at;
  }

  private void act(Output out) throws ProtocolException {
    switch (frames.came()) {
      case NOTHING, PONG -> {
        // more has to come; or somebody lives
      }
      case PING -> frames.write(out, WebSocketFrames.PONG, frames.control(), 0, frames.controls());
      case CLOSE -> closed(out);
      case MESSAGE -> {
        if (!outstanding) {
          throw new ProtocolException("WebSocket: a message that nobody asked for");
        }
        outstanding = false;
        listener().answered(OK, frames.message());
        frames.message().clear();
      }
    }
  }

  private void closed(Output out) {
    closing = true;
    int code = frames.closeCode();
    frames.close(out, code == NO_CODE ? NORMAL : code);
    listener().leaving();
    if (outstanding) {
      outstanding = false;
      listener().refused(new IOException("WebSocket closed by the peer, code " + code));
    }
  }

  @Override
  public String cut(int unused) {
    if (open) {
      return Cut.framed(frames.cut(), unused);
    }
    return unused == 0 ? "" : Cut.of(unused, "its head");
  }

  @Override
  public void ping(Output out) {
    if (ready()) {
      frames.write(out, WebSocketFrames.PING, message, 0, 0);
    }
  }

  @Override
  public void goodbye(Output out) {
    if (ready()) {
      frames.close(out, NORMAL);
    }
    closing = true;
  }

  /**
   * After close frames the server does (section 7.1.1): a proxy may drop what came just before the
   * client's end.
   */
  @Override
  public boolean endsFirst() {
    return !open;
  }
}
