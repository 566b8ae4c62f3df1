package dev.conntrail.experiment;

import dev.conntrail.proxy.DnsServer;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Knob;
import dev.conntrail.spec.Route;
import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The name of a cell's Service in a DNS server, where its clients ask for it. */
final class NamedPods implements AutoCloseable {
  private final LocalTestbed testbed;
  private final Cell cell;
  private final Path folder;
  private Optional<DnsServer> server = Optional.empty();

  /**
   * None is there yet.
   *
   * @param folder of the run, for what it says
   */
  NamedPods(LocalTestbed testbed, Cell cell, Path folder) {
    this.testbed = testbed;
    this.cell = cell;
    this.folder = folder;
  }

  /** Starts it, where clients ask. */
  void begin(List<Place> endpoints) {
    cell.cure().balanced().filter(Route::named).ifPresent(how -> start(how, endpoints));
  }

  private void start(Route.Balanced how, List<Place> endpoints) {
    try {
      server =
          Optional.of(
              DnsServer.start(
                  testbed,
                  place(),
                  (int) how.time(Knob.TTL).toSeconds(),
                  addresses(endpoints),
                  folder.resolve(place().name() + ".log")));
    } catch (IOException e) {
      throw new TestbedException("cannot start a DNS server: " + e.getMessage(), e);
    }
  }

  private Place place() {
    return testbed.dns().getFirst();
  }

  private static List<String> addresses(List<Place> pods) {
    return pods.stream().map(Place::address).toList();
  }

  /** The Service has these endpoints now. */
  void serve(List<Place> endpoints) {
    try {
      if (server.isPresent()) {
        server.get().serve(addresses(endpoints));
      }
    } catch (IOException e) {
      throw new TestbedException("a DNS server does not take its records: " + e.getMessage(), e);
    }
  }

  /** What clients are to ask for, {@code name:port}. */
  String target() {
    return DnsServer.NAME + ":" + cell.protocol().port().ofPods();
  }

  /** How often each server was asked; empty where there is none. */
  Map<String, Long> asked() throws IOException {
    return server.isPresent() ? Map.of(place().name(), server.get().asked()) : Map.of();
  }

  @Override
  public void close() {
    server.ifPresent(DnsServer::close);
  }
}
