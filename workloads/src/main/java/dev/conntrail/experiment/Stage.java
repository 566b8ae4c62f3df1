package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.agent.Load;
import dev.conntrail.agent.ProcessReading;
import dev.conntrail.proxy.ProxyCounts;
import dev.conntrail.proxy.ProxyWitness;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Event;
import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Where repetitions run: pods with their echo, clients with their load, and the Service between
 * them. Each kind of testbed has one; a run opens one for each group of cells that can share it.
 */
interface Stage extends AutoCloseable {
  /** The pods that are, at any time, behind the Service of a cell, in order. */
  List<Place> pods(Cell cell);

  /** The client pods, in order. */
  List<Place> clients();

  /** The backends. */
  Echo echo();

  /** The load. */
  Load load();

  /**
   * The Service of a cell, for one repetition.
   *
   * @param edit applied to the rules' text before the run loads them
   */
  Service service(Cell cell, UnaryOperator<String> edit) throws IOException;

  @Override
  void close();

  /** A Service and the rules behind it, for as long as it is open. */
  interface Service extends AutoCloseable {
    /** The addresses to which a client connects, {@code ip:port}. */
    List<String> targets(Place client);

    /** The rules as text, for the record; empty without a Service. */
    String rules();

    /** The kernel's view of the connections of the repetition; empty where none can be had. */
    Optional<KernelView> kernel();

    /** ipvs's own view; empty in other modes, and where none can be had. */
    Optional<IpvsView> ipvs();

    /**
     * What programs beside clients and pods saw; a proxy is ended.
     *
     * @throws IOException if one cannot say
     */
    Helpers helpers() throws IOException;

    /** What proxies in the middle have had of the machine; none where none are. */
    List<ProcessReading> proxyUse();

    /** How many endpoints it has now. */
    int endpoints();

    /** Makes an event; returns when all of it is over. */
    void make(Event event, Steps steps) throws InterruptedException;

    /** The rows of {@code installs.csv}; the rules go, if the run has loaded them. */
    List<InstallRow> remove(At at);

    @Override
    void close();
  }

  /**
   * What the kernel's connection tables said.
   *
   * @param listing as {@code conntrack -L} prints it, of the nodes of the clients
   * @param before the same from before the repetition: what was there already
   * @param keepsClosedMs how long an entry outlives its connection; the table is not asked for
   *     connections that ended longer ago than this
   * @param readMs when the listing was there, milliseconds since the epoch
   */
  record KernelView(String listing, String before, double keepsClosedMs, long readMs) {
    /** One that was read just now. */
    static KernelView now(String listing, String before, double keepsClosedMs) {
      return new KernelView(listing, before, keepsClosedMs, System.currentTimeMillis());
    }
  }

  /**
   * What programs beside clients and pods saw.
   *
   * @param proxied what each proxy in the middle said at its end
   * @param asked how often each DNS server was asked for the Service's name, by server
   */
  record Helpers(List<ProxyView> proxied, Map<String, Long> asked) {
    /** Their own counters. */
    List<CounterRow> counters(At at) {
      return Stream.concat(
              proxied.stream().flatMap(p -> p.counters(at).stream()),
              asked.entrySet().stream()
                  .map(e -> new CounterRow(at, e.getKey(), "asked_count", e.getValue())))
          .toList();
    }
  }

  /**
   * What a proxy in the middle said at its end.
   *
   * @param place where it was
   * @param witness what it saw
   */
  record ProxyView(Place place, ProxyWitness witness) {
    /** Its own counters: of clients, and by pod. */
    List<CounterRow> counters(At at) {
      ProxyCounts counts = witness.counts();
      String name = place.name();
      return Stream.concat(
              Stream.of(
                  new CounterRow(at, name, "connections_count", counts.connections()),
                  new CounterRow(at, name, "requests_count", counts.requests()),
                  new CounterRow(at, name, "retried_count", counts.retries())),
              counts.pods().stream().flatMap(p -> ofPod(at, name + " " + p.pod(), p)))
          .toList();
    }

    private static Stream<CounterRow> ofPod(At at, String source, ProxyCounts.OfPod pod) {
      return Stream.of(
          new CounterRow(at, source, "connections_count", pod.connections()),
          new CounterRow(at, source, "requests_count", pod.requests()),
          new CounterRow(at, source, "refused_count", pod.refused()));
    }
  }

  /**
   * What ipvs said.
   *
   * @param listing as {@code ipvsadm} prints it
   * @param entries of each node and real server
   */
  record IpvsView(String listing, List<IpvsEntries> entries) {
    List<CounterRow> counters(At at) {
      return entries.stream().map(e -> e.row(at)).toList();
    }
  }
}
