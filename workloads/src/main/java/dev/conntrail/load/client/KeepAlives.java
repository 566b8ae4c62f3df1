package dev.conntrail.load.client;

import dev.conntrail.spec.KeepAlive;
import java.io.IOException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import jdk.net.ExtendedSocketOptions;

/**
 * What is sent on idle connections.
 *
 * @param kind what
 * @param seconds how often; without an answer for three times that long the connection is given up
 */
public record KeepAlives(KeepAlive kind, int seconds) {
  /** Unanswered probes that end a connection. */
  public static final int PROBES = 3;

  /** Whether the protocol's own pings are sent. */
  public boolean pings() {
    return kind == KeepAlive.PING;
  }

  /** Whether the kernel sends probes. */
  public boolean probes() {
    return kind == KeepAlive.TCP;
  }

  /** Turns probes on, where they are wanted. */
  public void applyTo(Socket socket) throws IOException {
    if (probes()) {
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, seconds);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, seconds);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
    }
  }
}
