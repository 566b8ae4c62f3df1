package dev.conntrail.load.codec;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A request of HTTP/1.1 as it is sent. */
public final class Http1Request {
  /** Of these a length is expected even if there is no body (RFC 9110, section 8.6). */
  private static final Set<String> HAVE_BODIES = Set.of("POST", "PUT", "PATCH");

  private final byte[] head;
  private final byte[] body;
  private final boolean expects;
  private final boolean last;
  private final boolean headOnly;

  private Http1Request(byte[] head, byte[] body, boolean expects, boolean last, boolean headOnly) {
    this.head = head;
    this.body = body;
    this.expects = expects;
    this.last = last;
    this.headOnly = headOnly;
  }

  /** What stands in a request's head. */
  public record Field(String name, String value) {}

  /**
   * A request.
   *
   * @param host the authority, {@code HOST:PORT}
   * @param fields others than {@code Host} and {@code Content-Length}
   * @param last whether the connection is to be closed after the reply
   */
  public static Http1Request of(
      String method, String host, String path, List<Field> fields, byte[] body, boolean last) {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ").append(host);
    head.append("\r\n");
    fields.forEach(f -> head.append(f.name()).append(": ").append(f.value()).append("\r\n"));
    if (hasLength(method, body)) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    if (last) {
      head.append("Connection: close\r\n");
    }
    boolean expects =
        fields.stream()
            .anyMatch(f ->
                f.name().toLowerCase(Locale.ROOT).equals("expect")
                    && f.value().equalsIgnoreCase("100-continue"));
    return new Http1Request(
        Http1Head.ascii(head.append("\r\n").toString()),
        body,
        expects && body.length > 0,
        last,
        method.equals("HEAD"));
  }

  /** Whether a request says how long its body is. */
  static boolean hasLength(String method, byte[] body) {
    return body.length > 0 || HAVE_BODIES.contains(method);
  }

  /** Up to the empty line. */
  byte[] head() {
    return head;
  }

  /** May be empty. */
  byte[] body() {
    return body;
  }

  /** Whether the body waits for the server's leave (RFC 9110, section 10.1.1). */
  boolean expects() {
    return expects;
  }

  /** Whether it is the only one of its connection. */
  boolean last() {
    return last;
  }

  /** Whether replies have no body, whatever their heads say (RFC 9112, section 6.3). */
  boolean headOnly() {
    return headOnly;
  }
}
