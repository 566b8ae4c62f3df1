package dev.conntrail.echo;

import dev.conntrail.spec.EchoPod;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;

/** Pods on free ports of loopback. */
public final class EchoPods {
  private EchoPods() {}

  /** A server of so many, {@code pod-1} and on, on {@code node-1}. */
  public static EchoServer serve(int pods) throws IOException {
    return new EchoServer(
        IntStream.rangeClosed(1, pods)
            .mapToObj(i -> new EchoPod("pod-" + i, "node-1", "127.0.0.1", 0, 0, "", Duration.ZERO))
            .toList(),
        1);
  }
}
