package dev.conntrail.spec;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What one load process does in one repetition. It travels to the process as a JSON file.
 *
 * @param cell the id of the cell, copied into every row
 * @param repetition its number, from 1, copied into every row
 * @param client this client's name
 * @param clientNode the node it is on, copied into every row
 * @param clientNumber from 0
 * @param protocol what to speak
 * @param pooling how callers get connections
 * @param callers concurrent callers of this client
 * @param targets addresses to connect to; callers take them in turn
 * @param requestsPerSecond this client's share of the rate; 0 for a closed loop
 * @param warmupMs length of the warm-up
 * @param measureMs length of the measure phase
 * @param drainMs the longest wait for outstanding replies
 */
public record LoadPlan(
    String cell,
    int repetition,
    String client,
    String clientNode,
    int clientNumber,
    Protocol protocol,
    Pooling pooling,
    int callers,
    List<String> targets,
    int requestsPerSecond,
    long warmupMs,
    long measureMs,
    long drainMs) {

  public LoadPlan {
    targets = List.copyOf(targets);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("a load plan needs a target");
    }
  }

  /** One client's part of a cell. */
  public static LoadPlan of(
      Cell cell,
      int repetition,
      String client,
      String clientNode,
      int clientNumber,
      List<String> targets,
      Phases phases) {
    int rate =
        switch (cell.load()) {
          case LoadModel.Closed() -> 0;
          case LoadModel.Open(int r) ->
              Math.max(1, r / cell.clients() + (clientNumber < r % cell.clients() ? 1 : 0));
        };
    return new LoadPlan(
        cell.id(),
        repetition,
        client,
        clientNode,
        clientNumber,
        cell.protocol(),
        cell.pooling(),
        cell.connectionsOf(clientNumber),
        targets,
        rate,
        phases.warmup().toMillis(),
        phases.measure().toMillis(),
        phases.drain().toMillis());
  }

  /** Whether requests are due at a rate. */
  public boolean open() {
    return requestsPerSecond > 0;
  }

  /** The address of a caller. */
  public InetSocketAddress target(int caller) {
    String target = targets.get(caller % targets.size());
    int colon = target.lastIndexOf(':');
    return new InetSocketAddress(
        target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
  }

  /** The longest wait for outstanding replies. */
  public Duration drain() {
    return Duration.ofMillis(drainMs);
  }
}
