package dev.conntrail.experiment;

import dev.conntrail.result.row.EchoCount;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The backends of all pods. */
interface Echo extends AutoCloseable {
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

  @Override
  void close();
}
