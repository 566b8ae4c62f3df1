package dev.conntrail.spec;

import java.util.List;
import java.util.Objects;

/**
 * What one load process does in one repetition. It travels to the process as a JSON file.
 *
 * @param client which client of which repetition this is
 * @param callers who sends requests, and how they connect
 * @param schedule when the requests of all clients are due, of which this client sends its own
 * @param phases of the repetition
 * @param by what sends the requests
 * @param exchange what a request is; another than {@link Exchange#ECHO} only for {@link
 *     ClientKind#LOOP}
 */
public record LoadPlan(
    Client client,
    Callers callers,
    Schedule schedule,
    Phases phases,
    ClientKind by,
    Exchange exchange) {
  /** Regular requests to echo by a client that has no others beside it. */
  public LoadPlan(Client client, Callers callers, LoadModel rate, Phases phases, ClientKind by) {
    this(
        client,
        callers,
        new Schedule(rate, Arrivals.REGULAR, callers.count(), 1),
        phases,
        by,
        Exchange.ECHO);
  }

  /** The same by one of the client libraries. */
  public LoadPlan(Client client, Callers callers, LoadModel rate, Phases phases) {
    this(client, callers, rate, phases, ClientKind.LIBRARY);
  }

  /** The same with other requests. */
  public LoadPlan with(Exchange other) {
    return new LoadPlan(client, callers, schedule, phases, by, other);
  }

  /** The same with another seed of what comes by chance in the schedule. */
  public LoadPlan seeded(long seed) {
    return new LoadPlan(
        client,
        callers,
        new Schedule(schedule.rate(), schedule.arrivals(), schedule.callers(), seed),
        phases,
        by,
        exchange);
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
   * @param retries whether the library sends a request again
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
      int localPorts,
      Retries retries) {
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
          0,
          Retries.OFF);
    }
  }

  /**
   * When the requests of all clients of a cell are due. Callers take turns: request {@code i} (from
   * 0) is that of caller {@code i mod callers}, and caller {@code c} is client {@code c mod
   * clients}'s.
   *
   * @param rate of all clients together
   * @param arrivals how requests follow one another
   * @param callers of all clients
   * @param seed of what comes by chance
   */
  public record Schedule(LoadModel rate, Arrivals arrivals, int callers, long seed) {}

  /** One client's part of a cell; in each repetition other requests come by chance. */
  public static LoadPlan of(
      String run,
      Cell cell,
      int repetition,
      String client,
      String clientNode,
      int clientNumber,
      List<String> targets) {
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
            cell.find(Setting.LOCAL_PORTS).orElse(0),
            cell.get(Axes.RETRIES)),
        new Schedule(cell.load(), cell.arrivals(), cell.connections(), repetition),
        cell.course().phases(),
        cell.client(),
        Exchange.ECHO);
  }

  /**
   * When a caller opens its connection, where that is spread over the measure phase: nanoseconds
   * after its start, so that the callers of all clients come one after the other.
   */
  public long birthNs(int caller) {
    return (long) ((double) phases.measure().toNanos() * numberOf(caller) / schedule.callers());
  }

  /** The number among those of all clients, from 0, of a caller of this one. */
  public long numberOf(int caller) {
    return (long) caller * client.of() + client.number();
  }

  /** Whether requests are due at a rate. */
  public boolean open() {
    return schedule.rate() instanceof LoadModel.Open;
  }
}
