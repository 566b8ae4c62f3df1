package dev.conntrail.experiment;

import dev.conntrail.result.ClientFolder;
import dev.conntrail.result.FolderZip;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The load processes of a testbed, one in each client pod. They stay for all repetitions, so that
 * their code is compiled when it counts; one that has ended is started anew.
 */
final class LoadProcesses implements AutoCloseable {
  /** Beyond the phases: connects, and writing files. */
  private static final Duration SLACK = Duration.ofSeconds(60);

  /** Longer than a SYN is sent again. */
  private static final Duration CONNECT_LIMIT = Duration.ofMinutes(3);

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

  /** From the order to begin until the beginning: longer than an order takes. */
  private static final long LEAD_MS = 30;

  private static final int CLOCK_TRIES = 7;
  private static final String REMOTE = "/tmp/conntrail/repetition";

  /** Starts a load process, or gets hold of the one that is there. */
  interface Starter {
    /**
     * Starts one.
     *
     * @param again whether it takes the place of one that has ended
     */
    Started start(Place client, boolean again, Path log) throws IOException;
  }

  /** A process, and where it is. */
  record Started(Place place, Process process) {}

  /**
   * What became of a repetition's load.
   *
   * @param lost clients whose process ended before its time, and what it said last
   * @param startSpreadMs from the first to the last client's first phase, on one clock; 0 for one
   */
  record Outcome(Map<Place, String> lost, double startSpreadMs) {}

  /** A process's clock against this one's. */
  private record Reading(
      String client, String node, double atMs, double offsetNs, double offsetErrorNs) {}

  private static final class Client {
    private Place place;
    private OrderedProcess process;
    private double offsetNs;

    Client(Place place) {
      this.place = place;
    }
  }

  private final Starter starter;
  private final boolean sharesFiles;
  private final Path folder;
  private final Cancellation cancellation;
  private final List<Client> clients = new ArrayList<>();
  private final List<Reading> clocks = new ArrayList<>();
  private final long startNs = System.nanoTime();

  /**
   * Starts them.
   *
   * @param sharesFiles whether they see this machine's files
   */
  LoadProcesses(
      List<Place> places,
      Starter starter,
      boolean sharesFiles,
      Path folder,
      Cancellation cancellation)
      throws IOException {
    this.starter = starter;
    this.sharesFiles = sharesFiles;
    this.folder = folder;
    this.cancellation = cancellation;
    try {
      for (Place place : places) {
        Client client = new Client(place);
        clients.add(client);
        start(client);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void start(Client client) throws IOException {
    Path log = folder.resolve(client.place.name() + ".log");
    Started started = starter.start(client.place, client.process != null, log);
    client.place = started.place();
    client.process =
        OrderedProcess.start("the load process of " + client.place.name(), started.process(), log);
    measureClock(client);
  }

  /**
   * The offset of a client's clock from this one, by the exchange with the shortest round trip, as
   * NTP does it (RFC 5905, section 8); the error is half that round trip.
   */
  private void measureClock(Client client) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < CLOCK_TRIES; i++) {
      long before = epochNs();
      long theirs = Long.parseLong(client.process.ask("clock", ANSWER_LIMIT));
      double half = (epochNs() - before) / 2.0;
      if (half < best) {
        best = half;
        client.offsetNs = theirs - before - half;
      }
    }
    clocks.add(
        new Reading(
            client.place.name(),
            client.place.node(),
            (System.nanoTime() - startNs) / 1e6,
            client.offsetNs,
            best));
  }

  private static long epochNs() {
    return ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
  }

  /** Starts those anew that have ended. */
  void refresh() throws IOException {
    for (Client client : clients) {
      if (!client.process.alive()) {
        client.process.close();
        start(client);
      }
    }
  }

  /** Where they are, in order. */
  List<Place> places() {
    return clients.stream().map(c -> c.place).toList();
  }

  /** The clock of each process that was started. */
  List<ClockRow> clocks(String run) {
    return clocks.stream()
        .map(
            r -> new ClockRow(run, r.client(), r.node(), r.atMs(), r.offsetNs(), r.offsetErrorNs()))
        .toList();
  }

  /**
   * Runs a repetition to its end; on cancellation, to an early one. A client that is lost does not
   * stop the others.
   *
   * @param begins told when the first phase begins, milliseconds since the epoch
   * @throws TestbedException if all are lost
   */
  Outcome run(Cell cell, At at, List<String> targets, RepetitionFolder files, LongConsumer begins)
      throws IOException {
    Phases phases = cell.course().phases();
    refresh();
    List<Client> taking = clients.subList(0, cell.clients());
    Map<Place, String> lost = new LinkedHashMap<>();
    for (int i = 0; i < taking.size(); i++) {
      Place place = taking.get(i).place;
      ClientFolder own = files.client(place.name());
      Json.write(
          own.plan(),
          LoadPlan.of(at.run(), cell, at.repetition(), place.name(), place.node(), i, targets));
      each(List.of(taking.get(i)), lost, c -> order(c, own));
    }
    try (Cancellation.Handle _ = cancellation.onCancel(() -> drain(taking))) {
      each(taking, lost, c -> c.process.await("connected", CONNECT_LIMIT));
      long beginMs = System.currentTimeMillis() + (taking.size() == 1 ? 0 : LEAD_MS);
      each(taking, lost, c -> c.process.tell("go " + Math.round(beginMs + c.offsetNs / 1e6)));
      begins.accept(beginMs);
      Duration limit = phases.length().plus(phases.drain()).plus(SLACK);
      each(taking, lost, c -> c.process.await("ok", limit));
    }
    if (!sharesFiles) {
      each(taking, lost, c -> fetch(c, files.client(c.place.name())));
    }
    if (lost.size() == taking.size()) {
      throw new TestbedException(String.join("; ", lost.values()));
    }
    return new Outcome(lost, startSpreadMs(taking, lost, files));
  }

  /** Gives a client its plan, and tells it to connect. */
  private void order(Client client, ClientFolder own) throws IOException {
    if (!sharesFiles) {
      client.process.ask(
          "put "
              + REMOTE
              + "/plan.json "
              + Base64.getEncoder().encodeToString(Files.readAllBytes(own.plan())),
          ANSWER_LIMIT);
    }
    client.process.tell("run " + (sharesFiles ? own.path().toAbsolutePath() : REMOTE));
  }

  private static void fetch(Client client, ClientFolder into) throws IOException {
    FolderZip.unpack(
        Base64.getDecoder().decode(client.process.ask("get " + REMOTE, ANSWER_LIMIT)), into.path());
  }

  private static void drain(List<Client> clients) {
    for (Client client : clients) {
      try {
        client.process.tell("drain");
      } catch (TestbedException _) {
        // it has ended, which is what was wanted
      }
    }
  }

  private interface Step {
    void take(Client client) throws IOException;
  }

  /** Does a step for each client that is not lost; who fails in it is lost. */
  private static void each(List<Client> clients, Map<Place, String> lost, Step step)
      throws IOException {
    for (Client client : clients) {
      if (!lost.containsKey(client.place)) {
        try {
          step.take(client);
        } catch (TestbedException e) {
          lost.put(client.place, e.getMessage());
          client.process.close();
        }
      }
    }
  }

  private static double startSpreadMs(
      List<Client> clients, Map<Place, String> lost, RepetitionFolder files) throws IOException {
    double first = Double.MAX_VALUE;
    double last = -Double.MAX_VALUE;
    for (Client client : clients) {
      if (!lost.containsKey(client.place)) {
        double start =
            Json.read(files.client(client.place.name()).totals(), LoadTotals.class).startMs()
                - client.offsetNs / 1e6;
        first = Math.min(first, start);
        last = Math.max(last, start);
      }
    }
    return last - first;
  }

  @Override
  public void close() {
    clients.stream().filter(c -> c.process != null).forEach(c -> c.process.close());
  }
}
