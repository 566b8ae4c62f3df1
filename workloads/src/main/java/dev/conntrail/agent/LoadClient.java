package dev.conntrail.agent;

import dev.conntrail.result.ClientFolder;
import dev.conntrail.result.row.ClockRow;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A client pod and its load process; one that has ended is started anew. */
final class LoadClient implements AutoCloseable {
  /** Longer than a SYN is sent again. */
  private static final Duration CONNECT_LIMIT = Duration.ofMinutes(3);

  private static final Duration CLOCK_LIMIT = Duration.ofSeconds(30);

  /** Longer than a resolver asks servers that do not answer. */
  private static final Duration NAME_LIMIT = Duration.ofMinutes(1);

  private static final int CLOCK_TRIES = 7;

  /** A process's clock against this one's. */
  private record Reading(
      String client, String node, double atMs, double offsetNs, double offsetErrorNs) {
    ClockRow row(String run) {
      return new ClockRow(run, client, node, atMs, offsetNs, offsetErrorNs);
    }
  }

  private final PlacedAgent agent;
  private final List<Reading> readings = new ArrayList<>();
  private final long sinceNs;

  /**
   * Starts it.
   *
   * @param sinceNs since when its readings are dated, {@link System#nanoTime()}
   */
  LoadClient(Transport transport, Place place, Path folder, long sinceNs) throws IOException {
    this.sinceNs = sinceNs;
    this.agent = new PlacedAgent(transport, Role.LOAD, "the load process", place, folder);
    readClock();
  }

  private void readClock() {
    try {
      readings.add(reading());
    } catch (RuntimeException e) {
      agent.close();
      throw e;
    }
  }

  /**
   * The offset of its clock from this one, by the exchange with the shortest round trip, as NTP
   * does it (RFC 5905, section 8); the error is half that round trip.
   */
  private Reading reading() {
    double best = Double.MAX_VALUE;
    double offset = 0;
    for (int i = 0; i < CLOCK_TRIES; i++) {
      long before = epochNs();
      long theirs =
          agent.remote().ask(new Order.Clock(), Answer.Clock.class, CLOCK_LIMIT).epochNs();
      double half = (epochNs() - before) / 2.0;
      if (half < best) {
        best = half;
        offset = theirs - before - half;
      }
    }
    return new Reading(
        place().name(), place().node(), (System.nanoTime() - sinceNs) / 1e6, offset, best);
  }

  private static long epochNs() {
    return ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
  }

  /** Starts it anew if it has ended. */
  void refresh() throws IOException {
    if (agent.refresh()) {
      readClock();
    }
  }

  Place place() {
    return agent.place();
  }

  /** Its clock at each start. */
  List<ClockRow> clocks(String run) {
    return readings.stream().map(r -> r.row(run)).toList();
  }

  /** How far its clock is ahead of this one, milliseconds. */
  double aheadMs() {
    return readings.getLast().offsetNs() / 1e6;
  }

  /** What its process has had of the machine; empty if it has ended. */
  Optional<ProcessReading> use() {
    return agent.remote().alive()
        ? Optional.of(
            new ProcessReading(
                place().name(),
                0,
                agent.remote().ask(new Order.Use(), Answer.Used.class, CLOCK_LIMIT).use()))
        : Optional.empty();
  }

  /** The addresses that a name has where it is. */
  Set<String> addresses(String name) {
    return Set.copyOf(
        agent
            .remote()
            .ask(new Order.Resolve(name), Answer.Addresses.class, NAME_LIMIT)
            .addresses());
  }

  /** Has it connect as a plan says. */
  void connect(LoadPlan plan) {
    agent.remote().tell(new Order.Run(plan));
  }

  void awaitConnected() {
    agent.remote().await(Answer.Connected.class, CONNECT_LIMIT);
  }

  /** Has its phases begin, milliseconds since the epoch of this clock. */
  void begin(long atMs) {
    agent.remote().tell(new Order.Begin(Math.round(atMs + aheadMs())));
  }

  /** The Service has these endpoints from now on. */
  void endpoints(List<String> addresses) {
    agent.remote().tell(new Order.Endpoints(addresses));
  }

  void drain() {
    agent.remote().tell(new Order.Drain());
  }

  /** Waits until its phases have ended, and keeps what it saw. */
  void awaitEnd(Duration limit, ClientFolder files) throws IOException {
    agent.remote().await(Answer.Files.class, limit).unpack(files.path());
  }

  @Override
  public void close() {
    agent.close();
  }
}
