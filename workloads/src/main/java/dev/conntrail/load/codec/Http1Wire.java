package dev.conntrail.load.codec;

import java.net.ProtocolException;

/** HTTP/1.1 (RFC 9112): bodies of a length, chunked, or up to the end of the connection. */
public final class Http1Wire extends Wire {
  private static final int INTERIM_ENDS = 200;
  private static final int CONTINUE = 100;
  static final int NO_CONTENT = 204;
  static final int NOT_MODIFIED = 304;
  private static final int LONGEST_LINE = 4096;
  private static final int HEX_DIGITS = 15;

  private enum State {
    HEAD,
    FIXED,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    UNTIL_CLOSE
  }

  private final Http1Request request;
  private final Http1Head head;
  private final Body body = new Body();
  private State state = State.HEAD;

  /**
   * Of what is being read, bytes: of a body or a chunk; of trailers, how many more there may be.
   */
  private long left;

  private boolean begun;
  private boolean outstanding;
  private boolean withheld;
  private boolean spent;

  /**
   * A connection.
   *
   * @param request what is sent each time
   * @param watched the name of a field of replies that is looked at, in lower case; empty for none
   */
  public Http1Wire(Http1Request request, String watched, Listener listener) {
    super(listener);
    this.request = request;
    this.head = new Http1Head(watched);
  }

  @Override
  public void begin(Output out) {
    begun = true;
  }

  @Override
  public boolean ready() {
    return begun && !spent;
  }

  @Override
  public boolean spent() {
    return spent;
  }

  @Override
  public String seen() {
    return head.seen();
  }

  @Override
  public void request(Output out) {
    outstanding = true;
    out.bytes(request.head());
    withheld = request.expects();
    if (!withheld) {
      out.bytes(request.body());
    }
  }

  @Override
  public boolean withholds() {
    return withheld;
  }

  @Override
  public void insist(Output out) {
    if (withheld) {
      withheld = false;
      out.bytes(request.body());
    }
  }

  @Override
  public int consume(byte[] in, int from, int to, Output out) throws ProtocolException {
    int at = from;
    while (at < to) {
      int next = step(in, at, to, out);
      if (next == at) {
        break;
      }
      at = next;
    }
    body.keep();
    return at;
  }

  private int step(byte[] in, int at, int to, Output out) throws ProtocolException {
    return switch (state) {
      case HEAD -> head(in, at, to, out);
      case FIXED, CHUNK -> payload(in, at, to);
      case CHUNK_SIZE -> chunkSize(in, at, to);
      case CHUNK_END -> chunkEnd(in, at, to);
      case TRAILERS -> trailer(in, at, to);
      case UNTIL_CLOSE -> {
        body.add(in, at, to - at);
        yield to;
      }
    };
  }

  private int head(byte[] in, int at, int to, Output out) throws ProtocolException {
    if (!outstanding) {
      throw new ProtocolException("a reply that nobody asked for");
    }
    int end = head.read(in, at, to);
    if (end < 0) {
      return at;
    }
    if (head.status() < INTERIM_ENDS) {
      interim(out);
      return end;
    }
    spent |= request.last() || head.closes() || withheld;
    body.clear();
    left = head.length();
    boolean bodyless = head.status() == NO_CONTENT || head.status() == NOT_MODIFIED;
    if (bodyless || request.headOnly() || left == 0) {
      finished();
    } else if (head.chunked()) {
      state = State.CHUNK_SIZE;
    } else {
      state = left > 0 ? State.FIXED : State.UNTIL_CLOSE;
      spent |= left < 0;
    }
    return end;
  }

  private void interim(Output out) throws ProtocolException {
    if (head.status() == CONTINUE) {
      insist(out);
    } else if (head.status() == 101) {
      throw new ProtocolException("the server changes to a protocol that nobody asked for");
    }
  }

  private int payload(byte[] in, int at, int to) {
    int n = (int) Math.min(left, to - at);
    body.add(in, at, n);
    left -= n;
    if (left == 0) {
      if (state == State.CHUNK) {
        state = State.CHUNK_END;
      } else {
        finished();
      }
    }
    return at + n;
  }

  private static int line(byte[] in, int at, int to) throws ProtocolException {
    int end = Http1Head.lineEnd(in, at, to);
    if (end < 0 && to - at > LONGEST_LINE) {
      throw new ProtocolException("a line of more than " + LONGEST_LINE + " bytes");
    }
    return end;
  }

  private int chunkSize(byte[] in, int at, int to) throws ProtocolException {
    int end = line(in, at, to);
    if (end < 0) {
      return at;
    }
    int digits = at;
    long size = 0;
    for (int d = hex(in[digits]); d >= 0; d = hex(in[++digits])) {
      size = (size << 4) | d;
    }
    boolean extended = in[digits] == ';' || in[digits] == ' ' || in[digits] == '\t';
    if (digits == at || digits - at > HEX_DIGITS || (!extended && !endsAt(in, digits, end))) {
      throw new ProtocolException("a chunk has no size");
    }
    left = size == 0 ? Http1Head.LONGEST : size;
    state = size == 0 ? State.TRAILERS : State.CHUNK;
    return end + 1;
  }

  private static boolean endsAt(byte[] in, int at, int end) {
    return at == end || (at + 1 == end && in[at] == '\r');
  }

  private static int hex(int b) {
    return Character.digit(b, 16);
  }

  private int chunkEnd(byte[] in, int at, int to) throws ProtocolException {
    int end = in[at] == '\n' ? at : at + 1;
    if (end == to) {
      return at;
    }
    if (in[end] != '\n' || (end > at && in[at] != '\r')) {
      throw new ProtocolException("a chunk is longer than it says");
    }
    state = State.CHUNK_SIZE;
    return end + 1;
  }

  private int trailer(byte[] in, int at, int to) throws ProtocolException {
    int end = line(in, at, to);
    if (end < 0) {
      return at;
    }
    left -= end + 1 - at;
    if (left < 0) {
      throw new ProtocolException("trailers of more than " + Http1Head.LONGEST + " bytes");
    }
    if (endsAt(in, at, end)) {
      finished();
    } else {
      head.trailer(in, at, end);
    }
    return end + 1;
  }

  @Override
  public void ended() {
    spent = true;
    if (state == State.UNTIL_CLOSE) {
      finished();
    }
  }

  @Override
  public String cut(int unused) {
    return switch (state) {
      case HEAD -> unused == 0 ? "" : Cut.of(unused, "its head");
      case FIXED -> Cut.of(body.total(), left, "its body");
      case UNTIL_CLOSE -> Cut.of(body.total(), "its body");
      default -> Cut.of(body.total(), "its chunked body");
    };
  }

  private void finished() {
    state = State.HEAD;
    outstanding = false;
    if (spent && !request.last()) {
      listener().leaving();
    }
    listener().answered(head.status(), body);
    body.clear();
  }
}
