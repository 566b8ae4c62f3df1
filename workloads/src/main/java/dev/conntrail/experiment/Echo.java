package dev.conntrail.experiment;

import dev.conntrail.result.row.EchoCount;
import dev.conntrail.spec.Ending;
import dev.conntrail.spec.Protocol;
import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The backends of all pods. */
interface Echo extends AutoCloseable {
  /** The port of HTTP/1.1, HTTP/2 and WebSocket where pods have addresses of their own. */
  int HTTP_PORT = 8080;

  /** The port of gRPC there. */
  int GRPC_PORT = 9090;

  /**
   * What the pods counted since the last time.
   *
   * @param file where they are kept
   * @param connections a row each
   * @param lost pods that ended and took their counts with them
   */
  record Counted(Path file, List<EchoCount> connections, Set<String> lost) {}

  /** Where a protocol is spoken by each pod, {@code ip:port}, in order of the testbed. */
  List<String> addresses(Protocol protocol);

  /** Asks the pods what they counted, and keeps it in a file too. */
  Counted take(Path file) throws IOException;

  /** Pods stand still for a time, as by a stop-the-world pause. */
  default void pause(List<Place> pods, Duration length) {
    throw new IllegalStateException();
  }

  /** Pods answer as much later from now on. */
  default void slow(List<Place> pods, Duration delay) {
    throw new IllegalStateException();
  }

  /** Pods' processes end. */
  default void stop(List<Place> pods, Ending ending) {
    throw new IllegalStateException();
  }

  /** Connections that pods still have. */
  default int open(List<Place> pods) {
    throw new IllegalStateException();
  }

  /** Pods are as new ones. */
  default void start(List<Place> pods) {
    throw new IllegalStateException();
  }

  @Override
  void close();

  /** Whether a protocol is spoken on the port of gRPC. */
  static boolean grpc(Protocol protocol) {
    return protocol == Protocol.GRPC || protocol == Protocol.GRPC_STREAM;
  }
}
