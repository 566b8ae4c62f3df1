package dev.conntrail.load.codec;

import java.net.ProtocolException;

/** What is said where whoever listens seems to speak another protocol. */
public final class OtherPort {
  private static final int SERVERS_OWN = 500;

  private OtherPort() {}

  /** Why it seems so, and what mends it. */
  public static String mends(String why) {
    return why + "; mend: a port where it does, or another --protocol";
  }

  /** Whether bytes begin as those of a server of HTTP/2: with settings, or a GOAWAY. */
  public static boolean http2(byte[] in, int from, int to) {
    return to - from >= Http2Frames.HEADER
        && in[from] == 0
        && (in[from + 3] == Http2Frames.SETTINGS || in[from + 3] == Http2Frames.GOAWAY)
        && Http2Frames.int32(in, from + 5) == 0;
  }

  /** What is said of a server that begins so where HTTP/1.1 was spoken to it. */
  public static ProtocolException http2() {
    return new ProtocolException(
        "the server begins as one of HTTP/2 and may not speak HTTP/1.1; mend: --protocol http2 or"
            + " grpc, or a port that speaks HTTP/1.1");
  }

  /**
   * What is said of a server that answers the handshake of WebSocket by another status than 101.
   */
  public static String noWebSocket(int status) {
    String why = "the server does not change to WebSocket: HTTP status " + status;
    return serversOwn(status) ? why : why + "; mend: a --path where it does, or another --protocol";
  }

  /** Whether a status of HTTP says that the fault is the server's (RFC 9110, section 15.6). */
  public static boolean serversOwn(int status) {
    return status >= SERVERS_OWN;
  }
}
