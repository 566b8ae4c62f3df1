package dev.conntrail.load.codec;

import static dev.conntrail.load.codec.Http2Frames.check;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.ProtocolException;
import java.util.Arrays;

/** What the fields of a reply of HTTP/2 say: its status, gRPC's, and one field more. */
final class Http2Reply implements HpackDecoder.Sink {
  private static final byte[] STATUS = Http1Head.ascii(":status");
  private static final byte[] GRPC_STATUS = Http1Head.ascii("grpc-status");
  private static final byte[] GRPC_MESSAGE = Http1Head.ascii("grpc-message");

  private static final byte[] CONTENT_LENGTH = Http1Head.ascii("content-length");
  private static final int OK = 200;
  private static final int SWITCHING = 101;
  private static final int LONGEST_NUMBER = 18;

  /** There was none. */
  static final int NONE = -1;

  private final byte[] watched;
  private final Http2Said said = new Http2Said();
  private boolean regular;
  private boolean headed;
  private String malformed = "";
  private String seenLast = "";
  private final Http2Memo head = new Http2Memo();
  private final Http2Memo trailers = new Http2Memo();

  /** Looks at another field too, unless its name is empty. */
  Http2Reply(String watched) {
    this.watched = Http1Head.ascii(watched);
  }

  void clear() {
    said.clear();
    regular = false;
    headed = false;
    malformed = "";
  }

  /**
   * Reads a block. One of the same bytes as the last in its place, from the same table, says the
   * same, and is not decoded again.
   */
  void read(HpackDecoder hpack, byte[] in, int at, int count) throws ProtocolException {
    Http2Memo memo = headed ? trailers : head;
    boolean fresh = said.grpcStatus == NONE && said.grpcMessage.isEmpty();
    long changes = hpack.changes();
    if (fresh && memo.is(in, at, count, changes, said.seen)) {
      said.become(memo.said(), headed);
      return;
    }
    String before = said.seen;
    hpack.decode(in, at, at + count, this);
    if (fresh && malformed.isEmpty() && hpack.changes() == changes) {
      memo.block(in, at, count, changes, before);
      memo.said().become(said, false);
    }
  }

  @Override
  public void field(
      byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
    if (nameLength > 0 && name[nameAt] == ':') {
      pseudo(is(name, nameAt, nameLength, STATUS), value, valueAt, valueLength);
      return;
    }
    regular = true;
    if (!Http2Names.may(name, nameAt, nameLength)) {
      malformed = "a field may not have such a name in HTTP/2";
    } else if (!Http2Names.mayBe(value, valueAt, valueLength)) {
      malformed = "a field may not have such a value";
    } else if (is(name, nameAt, nameLength, GRPC_STATUS)) {
      said.grpcStatus = (int) number(value, valueAt, valueLength, 3);
    } else if (is(name, nameAt, nameLength, GRPC_MESSAGE)) {
      said.grpcMessage = decoded(value, valueAt, valueLength);
    } else if (!headed && is(name, nameAt, nameLength, CONTENT_LENGTH)) {
      contentLength(number(value, valueAt, valueLength, LONGEST_NUMBER));
    }
    if (watched.length > 0 && is(name, nameAt, nameLength, watched)) {
      seenLast = Latin1.text(value, valueAt, valueLength, seenLast);
      said.seen = seenLast;
    }
  }

  /** The one that there is comes before all others, once (RFC 9113, section 8.3). */
  private void pseudo(boolean known, byte[] value, int at, int size) {
    if (!known || regular || said.status != NONE) {
      malformed = "a field with a colon that may not be there";
    }
    said.status = (int) number(value, at, size, 3);
  }

  private void contentLength(long value) {
    if (value == NONE || (said.length != NONE && said.length != value)) {
      malformed = "a length is no number, or two";
    }
    said.length = value;
  }

  /**
   * A block of fields has ended.
   *
   * @param last whether the stream has, with it
   * @return whether they are of the reply: an interim head is followed by another
   */
  boolean ended(boolean last) throws ProtocolException {
    check(malformed.isEmpty(), malformed);
    if (!headed && status() < OK) {
      check(!last && said.status != SWITCHING, "a reply ends before it begins");
      clear();
      return false;
    }
    check(last || !headed, "fields within a body");
    headed = true;
    regular = true;
    return true;
  }

  /** Whether its head has come. */
  boolean headed() {
    return headed;
  }

  /** Its body has ended: so long (RFC 9113, section 8.1.1). */
  void bodyEnded(long total, boolean headOnly) throws ProtocolException {
    boolean bodyless =
        headOnly || said.status == Http1Wire.NO_CONTENT || said.status == Http1Wire.NOT_MODIFIED;
    check(
        said.length == NONE || said.length == total || (bodyless && total == 0),
        "a body of another length than its head says");
  }

  /** Percent-encoded UTF-8, as gRPC writes messages; what is no such code stays as it is. */
  private static String decoded(byte[] in, int at, int length) {
    byte[] out = new byte[length];
    int n = 0;
    for (int i = at; i < at + length; i++) {
      int high = i + 2 < at + length && in[i] == '%' ? Character.digit(in[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
      if (low < 0) {
        out[n++] = in[i];
      } else {
        out[n++] = (byte) (high << 4 | low);
        i += 2;
      }
    }
    return new String(out, 0, n, UTF_8);
  }

  private static boolean is(byte[] in, int at, int length, byte[] word) {
    return length == word.length && Arrays.equals(in, at, at + length, word, 0, length);
  }

  private static long number(byte[] in, int at, int length, int most) {
    long number = 0;
    for (int i = at; i < at + length; i++) {
      if (in[i] < '0' || in[i] > '9' || length > most) {
        return NONE;
      }
      number = number * 10 + in[i] - '0';
    }
    return length == 0 ? NONE : number;
  }

  /** The status of a head that has ended; an interim one (1xx) too. */
  int status() throws ProtocolException {
    check(said.status >= 100, "a reply without a status");
    return said.status;
  }

  /** How long its head says that its body is; {@link #NONE} if it does not. */
  long length() {
    return said.length;
  }

  int grpcStatus() {
    return said.grpcStatus;
  }

  String grpcMessage() {
    return said.grpcMessage;
  }

  String seen() {
    return said.seen;
  }
}
