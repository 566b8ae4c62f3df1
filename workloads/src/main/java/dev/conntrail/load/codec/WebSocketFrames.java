package dev.conntrail.load.codec;

import java.net.ProtocolException;
import java.util.SplittableRandom;

/** The frames of WebSocket (RFC 6455, section 5), as a client reads and writes them. */
final class WebSocketFrames {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int PROTOCOL_ERROR = 1002;
  private static final int NO_CODE = 1005;
  private static final int NOT_UTF8 = 1007;
  private static final int FIN = 0x80;
  private static final int RESERVED = 0x70;
  private static final int MASKED = 0x80;
  private static final int SHORT = 125;
  private static final int TWO_BYTES = 126;

  /** What a call of {@link #take} came upon. */
  enum Came {
    NOTHING,
    MESSAGE,
    PING,
    PONG,
    CLOSE
  }

  /** The peer broke the protocol; the code says how. */
  static final class Broken extends ProtocolException {
    private static final long serialVersionUID = 1;
    private final int code;

    Broken(int code, String why) {
      super("WebSocket: " + why);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  private final SplittableRandom masks;
  private final Body message = new Body();
  private final Utf8 utf8 = new Utf8();
  private final byte[] control = new byte[SHORT];
  private int controls;
  private Came came = Came.NOTHING;
  private boolean within;
  private boolean text;
  private boolean inPayload;
  private boolean fin;
  private long left;

  WebSocketFrames(SplittableRandom masks) {
    this.masks = masks;
  }

  Came came() {
    return came;
  }

  Body message() {
    return message;
  }

  /** The payload of a control frame that came. */
  byte[] control() {
    return control;
  }

  int controls() {
    return controls;
  }

  private static void check(boolean well, String otherwise) throws Broken {
    if (!well) {
      throw new Broken(PROTOCOL_ERROR, otherwise);
    }
  }

  /** How much of a message has come that is not whole; empty where none has begun. */
  String cut() {
    if (!within) {
      return "";
    }
    return inPayload && fin
        ? Cut.of(message.total(), left, "its message")
        : Cut.of(message.total(), "its message");
  }

  /**
   * Takes what came, up to the end of a frame; {@link #came} says of what.
   *
   * @return up to where
   */
  int take(byte[] in, int from, int to) throws Broken {
    came = Came.NOTHING;
    if (inPayload) {
      return payload(in, from, to);
    }
    int head = to - from < 2 ? 2 : headLength(in[from + 1] & 0x7f);
    if (to - from < head) {
      return from;
    }
    int opcode = in[from] & 0xf;
    check((in[from] & RESERVED) == 0, "reserved bits are set");
    check((in[from + 1] & MASKED) == 0, "a server's frame is masked");
    fin = (in[from] & FIN) != 0;
    if (opcode >= CLOSE) {
      return control(opcode, in, from, to);
    }
    check(opcode <= BINARY, "an opcode that is none");
    check((opcode == CONTINUATION) == within, "a message within a message, or the rest of none");
    left = length(in, from, head);
    if (opcode != CONTINUATION) {
      within = true;
      text = opcode == TEXT;
      message.clear();
      utf8.clear();
    }
    inPayload = true;
    return payload(in, from + head, to);
  }

  private static int headLength(int length) {
    return length <= SHORT ? 2 : length == TWO_BYTES ? 4 : 10;
  }

  private static long length(byte[] in, int from, int head) throws Broken {
    long length = in[from + 1] & 0x7f;
    if (head > 2) {
      length = 0;
      for (int i = from + 2; i < from + head; i++) {
        length = (length << 8) | (in[i] & 0xff);
      }
      check(length > (head == 4 ? SHORT : 0xffff), "a length is longer than it must be");
    }
    return length;
  }

  private int payload(byte[] in, int from, int to) throws Broken {
    int n = (int) Math.min(left, to - from);
    message.add(in, from, n);
    if (text && !utf8.takes(in, from, n)) {
      throw new Broken(NOT_UTF8, "a text is no UTF-8");
    }
    left -= n;
    if (left == 0) {
      inPayload = false;
      if (fin) {
        within = false;
        if (text && !utf8.whole()) {
          throw new Broken(NOT_UTF8, "a text is no UTF-8");
        }
        came = Came.MESSAGE;
      }
    }
    return from + n;
  }

  private int control(int opcode, byte[] in, int from, int to) throws Broken {
    int length = in[from + 1] & 0x7f;
    check(opcode <= PONG, "an opcode that is none");
    check(fin && length <= SHORT, "a control frame is in pieces, or too long");
    if (to - from - 2 < length) {
      return from;
    }
    System.arraycopy(in, from + 2, control, 0, length);
    controls = length;
    if (opcode == CLOSE) {
      checkClose();
      came = Came.CLOSE;
    } else {
      came = opcode == PING ? Came.PING : Came.PONG;
    }
    return from + 2 + length;
  }

  /** Section 7.4: which codes may be sent. */
  private void checkClose() throws Broken {
    if (controls == 0) {
      return;
    }
    check(controls > 1, "a code of one byte");
    int code = closeCode();
    boolean known = code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
    check(known || (code >= 3000 && code < 5000), "a close code that is none");
    utf8.clear();
    if (!utf8.takes(control, 2, controls - 2) || !utf8.whole()) {
      throw new Broken(NOT_UTF8, "a reason is no UTF-8");
    }
  }

  /** The code of a close frame that came; 1005 if it has none (section 7.1.5). */
  int closeCode() {
    return controls < 2 ? NO_CODE : ((control[0] & 0xff) << 8) | (control[1] & 0xff);
  }

  /** Writes a frame, masked (section 5.3). */
  void write(Output out, int opcode, byte[] payload, int from, int count) {
    out.int8(FIN | opcode);
    if (count <= SHORT) {
      out.int8(MASKED | count);
    } else if (count <= 0xffff) {
      out.int8(MASKED | TWO_BYTES);
      out.int16(count);
    } else {
      out.int8(MASKED | (TWO_BYTES + 1));
      out.int64(count);
    }
    int mask = masks.nextInt();
    out.int32(mask);
    for (int i = 0; i < count; i++) {
      out.int8(payload[from + i] ^ (mask >>> (24 - 8 * (i & 3))));
    }
  }

  /** Writes a close frame. */
  void close(Output out, int code) {
    write(out, CLOSE, new byte[] {(byte) (code >>> 8), (byte) code}, 0, 2);
  }
}
