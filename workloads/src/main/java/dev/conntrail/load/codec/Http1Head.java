package dev.conntrail.load.codec;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The head of a reply of HTTP/1.1 (RFC 9112): its status line, and those fields that matter. */
final class Http1Head {
  /** Longest head that is read, in bytes. */
  static final int LONGEST = 32 * 1024;

  /** There is no length. */
  static final long UNTIL_CLOSE = -1;

  private static final byte[] VERSION = ascii("HTTP/1.");
  private static final byte[] CONTENT_LENGTH = ascii("content-length");
  private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding");
  private static final byte[] CONNECTION = ascii("connection");
  private static final byte[] CHUNKED = ascii("chunked");
  private static final byte[] CLOSE = ascii("close");
  private static final byte[] KEEP_ALIVE = ascii("keep-alive");
  private static final int STATUS_LINE = 12;

  /** Longest head that is kept to know it again, in bytes. */
  private static final int LONGEST_KEPT = 512;

  private static final byte[] NONE = {};

  private final byte[] watched;
  private byte[] last = NONE;
  private int lastLength;
  private String seen = "";
  private String seenLast = "";
  private int status;
  private long length;
  private boolean encoded;
  private boolean chunked;
  private boolean close;

  /**
   * A reader.
   *
   * @param watched the name of another field that matters, in lower case; empty for none
   */
  Http1Head(String watched) {
    this.watched = ascii(watched);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  int status() {
    return status;
  }

  /** How long the body is, where it is not chunked; {@link #UNTIL_CLOSE} if nobody says. */
  long length() {
    return encoded ? UNTIL_CLOSE : length;
  }

  boolean chunked() {
    return chunked;
  }

  /** Whether the connection ends after the reply. */
  boolean closes() {
    return close || (encoded && !chunked);
  }

  /** The value of the watched field; empty if there was none. */
  String seen() {
    return seen;
  }

  /**
   * Reads a head. One of the same bytes as the last says the same, and is not read again.
   *
   * @return where it ends; -1 if it has not come whole
   */
  int read(byte[] in, int from, int to) throws ProtocolException {
    int end = from + lastLength;
    if (end <= to && lastLength > 0 && Arrays.equals(in, from, end, last, 0, lastLength)) {
      return end;
    }
    lastLength = 0;
    end = parse(in, from, to);
    int count = end - from;
    if (end >= 0 && count <= LONGEST_KEPT) {
      if (last.length < count) {
        last = new byte[count];
      }
      System.arraycopy(in, from, last, 0, count);
      lastLength = count;
    }
    return end;
  }

  private int parse(byte[] in, int from, int to) throws ProtocolException {
    if (OtherPort.http2(in, from, to)) {
      throw OtherPort.http2();
    }
    int end = lineEnd(in, from, to);
    if (end < 0) {
      return checked(to - from);
    }
    statusLine(in, from, end);
    int line = end + 1;
    while (true) {
      end = lineEnd(in, line, to);
      if (end < 0) {
        return checked(to - from);
      }
      int last = end > line && in[end - 1] == '\r' ? end - 1 : end;
      if (last == line) {
        return end + 1;
      }
      field(in, line, last);
      line = end + 1;
    }
  }

  private static int checked(int bytes) throws ProtocolException {
    if (bytes > LONGEST) {
      throw new ProtocolException("a head of more than " + LONGEST + " bytes");
    }
    return -1;
  }

  static int lineEnd(byte[] in, int from, int to) {
    for (int i = from; i < to; i++) {
      if (in[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void statusLine(byte[] in, int from, int end) throws ProtocolException {
    if (end - from < STATUS_LINE || !starts(in, from, VERSION) || in[from + 8] != ' ') {
      throw new ProtocolException("the reply is not HTTP/1.1");
    }
    status = 0;
    for (int i = from + 9; i < from + STATUS_LINE; i++) {
      status = status * 10 + digit(in[i]);
    }
    if (status < 100) {
      throw new ProtocolException("the reply has status " + status);
    }
    close = in[from + 7] == '0';
    length = UNTIL_CLOSE;
    encoded = false;
    chunked = false;
    seen = "";
  }

  private static boolean starts(byte[] in, int from, byte[] with) {
    for (int i = 0; i < with.length; i++) {
      if (in[from + i] != with[i]) {
        return false;
      }
    }
    return true;
  }

  static int digit(int b) throws ProtocolException {
    if (b < '0' || b > '9') {
      throw new ProtocolException("a number is none");
    }
    return b - '0';
  }

  private void field(byte[] in, int from, int end) throws ProtocolException {
    if (in[from] == ' ' || in[from] == '\t') {
      return; // the rest of a folded line (section 5.2), of a field that nobody folds
    }
    int colon = from;
    while (colon < end && in[colon] != ':') {
      colon++;
    }
    if (colon == end || colon == from) {
      throw new ProtocolException("a field has no name");
    }
    int nameLength = colon - from;
    if (nameLength == CONTENT_LENGTH.length && is(in, from, CONTENT_LENGTH)) {
      contentLength(in, start(in, colon + 1, end), end(in, colon + 1, end));
    } else if (nameLength == CONNECTION.length && is(in, from, CONNECTION)) {
      if (lists(in, colon + 1, end, CLOSE)) {
        close = true;
      } else if (lists(in, colon + 1, end, KEEP_ALIVE)) {
        close = false;
      }
    } else if (nameLength == TRANSFER_ENCODING.length && is(in, from, TRANSFER_ENCODING)) {
      encoded = true;
      int last = end(in, colon + 1, end);
      chunked = last - CHUNKED.length > colon && is(in, last - CHUNKED.length, CHUNKED);
    } else {
      watched(in, from, colon, end);
    }
  }

  private void watched(byte[] in, int from, int colon, int end) {
    if (watched.length > 0 && colon - from == watched.length && is(in, from, watched)) {
      int start = start(in, colon + 1, end);
      seenLast = Latin1.text(in, start, end(in, colon + 1, end) - start, seenLast);
      seen = seenLast;
    }
  }

  /** A field behind the last chunk: it frames nothing (RFC 9110, section 6.5.1). */
  void trailer(byte[] in, int from, int end) {
    lastLength = 0; // it may have another value of the watched field
    int colon = from;
    while (colon < end && in[colon] != ':') {
      colon++;
    }
    watched(in, from, colon, in[end - 1] == '\r' ? end - 1 : end);
  }

  private static int start(byte[] in, int from, int end) {
    int at = from;
    while (at < end && (in[at] == ' ' || in[at] == '\t')) {
      at++;
    }
    return at;
  }

  private static int end(byte[] in, int from, int end) {
    int at = end;
    while (at > from && (in[at - 1] == ' ' || in[at - 1] == '\t')) {
      at--;
    }
    return Math.max(at, start(in, from, end));
  }

  /** Several lengths are none, unless they are the same (RFC 9110, section 8.6). */
  private void contentLength(byte[] in, int from, int end) throws ProtocolException {
    long value = 0;
    if (from == end || end - from > 18) {
      throw new ProtocolException("a length is no number");
    }
    for (int i = from; i < end; i++) {
      value = value * 10 + digit(in[i]);
    }
    if (length != UNTIL_CLOSE && length != value) {
      throw new ProtocolException("a reply has two lengths");
    }
    length = value;
  }

  /** Whether a comma-separated list has a word. */
  private static boolean lists(byte[] in, int from, int end, byte[] word) {
    int item = from;
    for (int i = from; i <= end; i++) {
      if (i == end || in[i] == ',') {
        int start = start(in, item, i);
        if (end(in, item, i) - start == word.length && is(in, start, word)) {
          return true;
        }
        item = i + 1;
      }
    }
    return false;
  }

  /** Whether bytes are those of a word in lower case, in any case. */
  private static boolean is(byte[] in, int at, byte[] word) {
    for (int i = 0; i < word.length; i++) {
      int b = in[at + i];
      if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != word[i]) {
        return false;
      }
    }
    return true;
  }
}
