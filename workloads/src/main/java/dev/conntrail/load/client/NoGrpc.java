package dev.conntrail.load.client;

import dev.conntrail.load.codec.OtherPort;
import dev.conntrail.record.FirstLine;
import io.grpc.Status;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells from how grpc-java ends a call that its server does not speak gRPC. */
final class NoGrpc {
  /** Of Netty's {@code Http2ConnectionHandler}, beneath a status that says no more than http2. */
  private static final Pattern NO_SETTINGS =
      Pattern.compile(
          "First received frame was not SETTINGS\\. Hex dump for .*: (?<hex>\\p{XDigit}*)");

  /** Of {@code Http2ClientStreamTransportState}. */
  private static final Pattern NO_GRPC =
      Pattern.compile("HTTP status code (?<status>\\d+)\\R(invalid|missing) content-type");

  /** Of {@code NettyClientHandler}, where the peer said neither GOAWAY nor why it went. */
  private static final String CLOSED = "Network closed for unknown reason";

  private NoGrpc() {}

  /** What is seen of that, with the mend; empty if nothing is. */
  static Optional<String> seen(Status status) {
    String said = String.valueOf(status.getDescription());
    Matcher http = NO_GRPC.matcher(said);
    // a proxy that has no server to ask may speak gRPC all the same
    if (http.find() && status.getCode() != Status.Code.UNAVAILABLE) {
      return seen("HTTP status " + http.group("status") + " without one of gRPC", "gRPC");
    }
    if (said.contains(CLOSED)) {
      return seen("the server closed the connection without a word", "gRPC");
    }
    Throwable cause = status.getCause();
    Matcher first = NO_SETTINGS.matcher(cause == null ? "" : String.valueOf(cause.getMessage()));
    return first.find()
        ? seen(
            "HTTP/2: the server's settings are not first, it says '"
                + text(first.group("hex"))
                + "'",
            "HTTP/2")
        : Optional.empty();
  }

  private static Optional<String> seen(String what, String protocol) {
    return Optional.of(OtherPort.mends(what + ", so the server may not speak " + protocol));
  }

  private static String text(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex, 0, hex.length() / 2 * 2);
    return FirstLine.of(bytes, 0, bytes.length);
  }
}
