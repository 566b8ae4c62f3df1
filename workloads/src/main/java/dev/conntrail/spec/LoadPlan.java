package dev.conntrail.spec;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What one load process does in one repetition. It travels to the process as a JSON file.
 *
 * @param run the run's name, copied into every row
 * @param cell the cell, copied into every row
 * @param repetition its number, from 1, copied into every row
 * @param client this client's name
 * @param clientNode the node it is on, copied into every row
 * @param clientNumber from 0
 * @param clients how many clients the cell has
 * @param protocol what to speak
 * @param pooling how callers get connections
 * @param opening when long-lived connections are opened
 * @param keepAlive what is sent on idle connections
 * @param keepAliveS time between keep-alives, seconds
 * @param localPorts how many local ports are taken in turn; 0 to let the kernel choose
 * @param callers concurrent callers of this client
 * @param targets addresses to connect to; callers take them in turn
 * @param requestsPerSecond this client's share of the rate; 0 for a closed loop
 * @param warmupMs length of the warm-up
 * @param idleMs from warm-up to measure phase, when nothing is sent
 * @param measureMs length of the measure phase
 * @param drainMs the longest wait for outstanding replies
 */
public record LoadPlan(
    String run,
    CellId cell,
    int repetition,
    String client,
    String clientNode,
    int clientNumber,
    int clients,
    Protocol protocol,
    Pooling pooling,
    Opening opening,
    KeepAlive keepAlive,
    int keepAliveS,
    int localPorts,
    int callers,
    List<String> targets,
    int requestsPerSecond,
    long warmupMs,
    long idleMs,
    long measureMs,
    long drainMs) {

  /** Time between keep-alives unless an experiment says otherwise, seconds. */
  public static final int KEEP_ALIVE_S = 1;

  public LoadPlan {
    targets = List.copyOf(targets);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("a load plan needs a target");
    }
  }

  /** One client's part of a cell. */
  public static LoadPlan of(
      String run,
      Cell cell,
      int repetition,
      String client,
      String clientNode,
      int clientNumber,
      List<String> targets) {
    Phases phases = cell.course().phases();
    int rate =
        switch (cell.load()) {
          case LoadModel.Closed() -> 0;
          case LoadModel.Open(int r) ->
              Math.max(1, r / cell.clients() + (clientNumber < r % cell.clients() ? 1 : 0));
        };
    return new LoadPlan(
        run,
        cell.id(),
        repetition,
        client,
        clientNode,
        clientNumber,
        cell.clients(),
        cell.protocol(),
        cell.pooling(),
        cell.traffic().opening(),
        cell.traffic().keepAlive(),
        cell.settings().number(Setting.KEEP_ALIVE_INTERVAL).orElse(KEEP_ALIVE_S),
        cell.settings().number(Setting.LOCAL_PORTS).orElse(0),
        cell.connectionsOf(clientNumber),
        targets,
        rate,
        phases.warmup().toMillis(),
        phases.idle().toMillis(),
        phases.measure().toMillis(),
        phases.drain().toMillis());
  }

  /**
   * When a caller opens its connection, where that is spread over the measure phase: milliseconds
   * after its start, so that the callers of all clients come one after the other.
   */
  public double birthMs(int caller) {
    return (double) measureMs * (caller * clients + clientNumber) / ((long) callers * clients);
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
