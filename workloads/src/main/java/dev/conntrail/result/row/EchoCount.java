package dev.conntrail.result.row;

import dev.conntrail.spec.ClosedBy;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.Spoken;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a pod counted of a connection.
 *
 * @param closedBy empty where an earlier version did not tell
 */
public record EchoCount(
    String pod,
    String node,
    String clientAddress,
    int clientPort,
    String protocol,
    long requestsCount,
    Optional<ClosedBy> closedBy) {
  /** Whether what the pod knows to be spoken on it is so. */
  public boolean speaks(Predicate<Spoken> so) {
    return Named.find(Spoken.class, protocol).filter(so).isPresent();
  }
}
