package dev.conntrail.agent;

import dev.conntrail.result.Json;
import dev.conntrail.result.LoadTotals;
import dev.conntrail.result.RepetitionFolder;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ClockRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * The load of a testbed: a process in each client pod. They stay for all repetitions, so that their
 * code is compiled when it counts.
 */
public final class Load implements AutoCloseable {
  /** Beyond the phases: connects, and writing files. */
  private static final Duration SLACK = Duration.ofSeconds(60);

  /** From the order to begin until the beginning: longer than an order takes. */
  private static final long LEAD_MS = 30;

  /**
   * What became of a repetition's load.
   *
   * @param lost clients whose process ended before its time, and what it said last
   * @param beganMs when the first phase began, milliseconds since the epoch
   * @param startSpreadMs from the first to the last client's first phase, on one clock; 0 for one
   */
  public record Outcome(Map<Place, String> lost, long beganMs, double startSpreadMs) {}

  /** Something that is done for a client. */
  private interface Step {
    void take(LoadClient client) throws IOException;
  }

  private final List<LoadClient> clients = new ArrayList<>();
  private volatile List<LoadClient> taking = List.of();
  private volatile boolean draining;

  /**
   * Starts them.
   *
   * @param folder where their logs go
   */
  public Load(List<Place> places, Transport transport, Path folder) throws IOException {
    long sinceNs = System.nanoTime();
    try {
      for (Place place : places) {
        clients.add(new LoadClient(transport, place, folder, sinceNs));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts those anew that have ended. */
  public void refresh() throws IOException {
    for (LoadClient client : clients) {
      client.refresh();
    }
  }

  /** Where they are, in order. */
  public List<Place> places() {
    return clients.stream().map(LoadClient::place).toList();
  }

  /** The clock of each process that was started, in that order. */
  public List<ClockRow> clocks(String run) {
    return clients.stream()
        .flatMap(c -> c.clocks(run).stream())
        .sorted(Comparator.comparingDouble(ClockRow::atMs))
        .toList();
  }

  /**
   * Runs a repetition to its end; once told to drain, to an early one. A client that is lost does
   * not stop the others.
   *
   * @param targets to which a client connects, {@code ip:port}
   * @param files get what each client saw
   * @param begins told when the first phase begins, milliseconds since the epoch
   * @throws TestbedException if all are lost
   */
  public Outcome run(
      Cell cell,
      At at,
      Function<Place, List<String>> targets,
      RepetitionFolder files,
      LongConsumer begins)
      throws IOException {
    refresh();
    Map<Place, String> lost = new LinkedHashMap<>();
    List<LoadClient> these = clients.subList(0, cell.clients());
    each(
        these,
        lost,
        c -> c.connect(plan(cell, at, c.place(), these.indexOf(c), targets.apply(c.place()))));
    taking = these;
    long beginMs;
    try {
      if (draining) {
        drain();
      }
      each(these, lost, LoadClient::awaitConnected);
      beginMs = System.currentTimeMillis() + (these.size() == 1 ? 0 : LEAD_MS);
      begin(these, lost, beginMs);
      begins.accept(beginMs);
      Phases phases = cell.course().phases();
      Duration limit = phases.length().plus(phases.drain()).plus(SLACK);
      each(these, lost, c -> c.awaitEnd(limit, files.client(c.place().name())));
    } finally {
      taking = List.of();
    }
    if (lost.size() == these.size()) {
      throw new TestbedException(String.join("; ", lost.values()));
    }
    return new Outcome(lost, beginMs, startSpreadMs(these, lost, files));
  }

  private static void begin(List<LoadClient> clients, Map<Place, String> lost, long beginMs)
      throws IOException {
    each(clients, lost, c -> c.begin(beginMs));
  }

  private static LoadPlan plan(Cell cell, At at, Place place, int number, List<String> targets) {
    return LoadPlan.of(
        at.run(), cell, at.repetition(), place.name(), place.node(), number, targets);
  }

  /** The run is to stop: what is under way ends early, and so does what begins. */
  public void drain() {
    draining = true;
    tell(LoadClient::drain);
  }

  /**
   * Tells the clients of the repetition that is under way which endpoints the Service has now, as a
   * watch would.
   *
   * @param addresses {@code ip:port}
   */
  public void endpoints(List<String> addresses) {
    tell(client -> client.endpoints(addresses));
  }

  /** The addresses that a name has for each of the first clients, in order. */
  public List<Set<String>> addresses(int count, String name) {
    return clients.subList(0, count).stream().map(c -> c.addresses(name)).toList();
  }

  /** What the first clients' processes have had of the machine; those lost are left out. */
  public List<ProcessReading> use(int count) {
    return clients.subList(0, count).stream().flatMap(c -> c.use().stream()).toList();
  }

  private void tell(Consumer<LoadClient> what) {
    for (LoadClient client : taking) {
      try {
        what.accept(client);
      } catch (TestbedException _) {
        // it has ended: whoever waits for its results says so
      }
    }
  }

  /** Does a step for each client that is not lost; who fails in it is lost. */
  private static void each(List<LoadClient> clients, Map<Place, String> lost, Step step)
      throws IOException {
    for (LoadClient client : clients) {
      if (!lost.containsKey(client.place())) {
        try {
          step.take(client);
        } catch (TestbedException e) {
          lost.put(client.place(), e.getMessage());
          client.close();
        }
      }
    }
  }

  private static double startSpreadMs(
      List<LoadClient> clients, Map<Place, String> lost, RepetitionFolder files)
      throws IOException {
    double first = Double.MAX_VALUE;
    double last = -Double.MAX_VALUE;
    for (LoadClient client : clients) {
      if (!lost.containsKey(client.place())) {
        double start =
            Json.read(files.client(client.place().name()).totals(), LoadTotals.class).startMs()
                - client.aheadMs();
        first = Math.min(first, start);
        last = Math.max(last, start);
      }
    }
    return last - first;
  }

  @Override
  public void close() {
    clients.forEach(LoadClient::close);
  }
}
