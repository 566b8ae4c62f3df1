package dev.conntrail.spec;

import java.util.List;
import java.util.Objects;

/**
 * What one load process does in one repetition. It travels to the process as a JSON file.
 *
 * @param client which client of which repetition this is
 * @param callers who sends requests, and how they connect
 * @param requestsPerSecond this client's share of the rate; 0 for a closed loop
 * @param phases of the repetition
 * @param by what sends the requests
 * @param exchange what a request is; another than {@link Exchange#ECHO} only for {@link
 *     ClientKind#LOOP}
 */
public record LoadPlan(
    Client client,
    Callers callers,
    int requestsPerSecond,
    Phases phases,
    ClientKind by,
    Exchange exchange) {
  /** Requests to echo. */
  public LoadPlan(
      Client client, Callers callers, int requestsPerSecond, Phases phases, ClientKind by) {
    this(client, callers, requestsPerSecond, phases, by, Exchange.ECHO);
  }

  /** One of the client libraries. */
  public LoadPlan(Client client, Callers callers, int requestsPerSecond, Phases phases) {
    this(client, callers, requestsPerSecond, phases, ClientKind.LIBRARY);
  }

  /** The same with other requests. */
  public LoadPlan with(Exchange other) {
    return new LoadPlan(client, callers, requestsPerSecond, phases, by, other);
  }

  /** How many connections a client is opening at a time before the first phase, at most. */
  public static final int OPENED_AT_ONCE = 16;

  /** Time between keep-alives unless an experiment says otherwise, seconds. */
  public static final int KEEP_ALIVE_S = 1;

  /**
   * Which client of which repetition.
   *
   * @param run the run's name, copied into every row
   * @param cell copied into every row
   * @param repetition its number, from 1, copied into every row
   * @param name this client's name
   * @param node the node it is on, copied into every row
   * @param number from 0
   * @param of how many clients the cell has
   */
  public record Client(
      String run, CellId cell, int repetition, String name, String node, int number, int of) {
    /** What its draws begin with: another in each repetition, the same in each run. */
    public long seed() {
      return Objects.hash(cell.word(), repetition, number);
    }
  }

  /**
   * Callers and their connections.
   *
   * @param count concurrent callers of this client
   * @param targets addresses to connect to, those of pods or the Service's, as they are at first
   * @param protocol what to speak
   * @param pooling how callers get connections
   * @param opening when long-lived connections are opened
   * @param cure what is done against imbalance
   * @param keepAlive what is sent on idle connections
   * @param keepAliveS time between keep-alives, seconds
   * @param localPorts how many local ports are taken in turn; 0 to let the kernel choose
   */
  public record Callers(
      int count,
      List<String> targets,
      Protocol protocol,
      Pooling pooling,
      Opening opening,
      Cure cure,
      KeepAlive keepAlive,
      int keepAliveS,
      int localPorts) {
    public Callers {
      targets = List.copyOf(targets);
      if (targets.isEmpty()) {
        throw new IllegalArgumentException("a load plan needs a target");
      }
    }

    /** So many that connect before the first phase and send nothing when idle. */
    public static Callers plain(
        int count, List<String> targets, Protocol protocol, Pooling pooling) {
      return new Callers(
          count,
          targets,
          protocol,
          pooling,
          Opening.AT_ONCE,
          Cure.NONE,
          KeepAlive.NONE,
          KEEP_ALIVE_S,
          0);
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
    int rate =
        switch (cell.load()) {
          case LoadModel.Closed() -> 0;
          case LoadModel.Open(int r) ->
              Math.max(1, r / cell.clients() + (clientNumber < r % cell.clients() ? 1 : 0));
        };
    return new LoadPlan(
        new Client(run, cell.id(), repetition, client, clientNode, clientNumber, cell.clients()),
        new Callers(
            cell.connectionsOf(clientNumber),
            targets,
            cell.protocol(),
            cell.pooling(),
            cell.opening(),
            cell.cure(),
            cell.keepAlive(),
            cell.get(Setting.KEEP_ALIVE_INTERVAL),
            cell.find(Setting.LOCAL_PORTS).orElse(0)),
        rate,
        cell.course().phases(),
        cell.client());
  }

  /**
   * When a caller opens its connection, where that is spread over the measure phase: nanoseconds
   * after its start, so that the callers of all clients come one after the other.
   */
  public long birthNs(int caller) {
    long all = (long) callers.count() * client.of();
    return (long)
        ((double) phases.measure().toNanos()
            * ((long) caller * client.of() + client.number())
            / all);
  }

  /** Whether requests are due at a rate. */
  public boolean open() {
    return requestsPerSecond > 0;
  }
}
