package dev.conntrail.load.client;

import dev.conntrail.posix.Errno;
import java.time.Duration;

/**
 * The exchange that brings a connection up, the connect included: the kernel may try for minutes,
 * and a server may take connections and say nothing for ever.
 *
 * @param patience how long it may take, whole seconds
 */
public record FirstExchange(Duration patience) {
  /** That of every run, whatever sends its requests. */
  public static final FirstExchange USUAL = new FirstExchange(Duration.ofSeconds(30));

  /**
   * What is said of one that was given up.
   *
   * @param connected whether the connection was there
   */
  public String late(boolean connected) {
    return connected
        ? "connected, but the first exchange had no reply within " + patience.toSeconds() + " s"
        : Errno.text(Errno.ETIMEDOUT);
  }
}
