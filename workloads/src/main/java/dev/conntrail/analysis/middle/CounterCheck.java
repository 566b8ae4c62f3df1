package dev.conntrail.analysis.middle;

import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.result.row.OtherCounter;
import dev.conntrail.result.row.ProxiedRow;
import dev.conntrail.result.row.ProxyCountRow;
import dev.conntrail.result.row.ProxyCounter;
import dev.conntrail.result.row.ProxyLeg;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Holds what proxies counted themselves against their own logs, the clients' ledger and the pods.
 * Where every request had an answer and no pod came, went or was struck, all are equal. What else
 * may differ:
 *
 * <ul>
 *   <li>A proxy's counters are read when clients have ended, and before its connections have: a
 *       request that its client has no reply to may be counted before, later or never.
 *   <li>A connection without a request is in no log, and may not have been taken.
 *   <li>A try to connect that was refused is a connection for a proxy alone; so is one that waited
 *       in the queue of a pod that ended.
 *   <li>A request that came to no pod, or was tried again, was meant for one each time.
 * </ul>
 */
public final class CounterCheck {
  private final SeenInMiddle seen;
  private final OwnCounters own;
  private final Map<String, Long> ledger;
  private final List<ProxyCountRow> rows = new ArrayList<>();

  private CounterCheck(SeenInMiddle seen) {
    this.seen = seen;
    this.own = OwnCounters.of(seen.counters());
    this.ledger =
        seen.ledger().stream()
            .collect(
                Collectors.groupingBy(
                    c -> end(c.localAddress(), c.localPort()), Collectors.counting()));
  }

  /** A row a comparison; none where a proxy left no log. */
  public static List<ProxyCountRow> of(SeenInMiddle seen) {
    if (seen.proxied().isEmpty()) {
      return List.of();
    }
    CounterCheck counts = new CounterCheck(seen);
    if (!counts.own.proxies().isEmpty()) {
      counts.own.proxies().forEach(counts::ofProxy);
      counts.ofClients();
    }
    return counts.rows;
  }

  private static String end(String address, int port) {
    return address + ":" + port;
  }

  private List<ProxiedRow> leg(ProxyLeg leg, String proxy) {
    return seen.proxied().stream().filter(r -> r.leg() == leg && r.proxy().equals(proxy)).toList();
  }

  /** Connections of the ledger on which no request had an answer: no log need have them. */
  private long unused() {
    return seen.ledger().stream().filter(c -> c.requestsCount() == 0).count();
  }

  private void ofProxy(String proxy) {
    List<ProxiedRow> came = leg(ProxyLeg.TO_PROXY, proxy);
    Set<String> ends =
        came.stream().map(r -> end(r.address(), r.port())).collect(Collectors.toSet());
    long mine = ends.stream().mapToLong(e -> ledger.getOrDefault(e, 1L)).sum();
    Optional<String> who = Optional.of(proxy);
    add(
        who,
        ProxyCounter.CONNECTIONS_TAKEN,
        OtherCounter.LOG,
        ends.size() - seen.unanswered(),
        mine + unused() + seen.unanswered());
    long logged = came.stream().mapToLong(ProxiedRow::requestsCount).sum();
    add(
        who,
        ProxyCounter.REQUESTS_TAKEN,
        OtherCounter.LOG,
        logged - seen.unanswered(),
        logged + seen.unanswered());
    List<ProxiedRow> went = leg(ProxyLeg.TO_POD, proxy);
    long nowhere =
        own.count(proxy, Optional.empty(), OwnCounters.REQUESTS)
            - went.stream().mapToLong(CounterCheck::sent).sum();
    long again = own.count(proxy, Optional.empty(), OwnCounters.RETRIED);
    own.pods(proxy)
        .forEach(pod -> new OfPod(proxy, pod, Math.max(0, nowhere) + again, went).compare());
  }

  private static long sent(ProxiedRow row) {
    return row.requestsCount() + row.unansweredCount().orElse(0L);
  }

  /** All proxies together against the clients, who do not know which of them they came to. */
  private void ofClients() {
    add(
        Optional.empty(),
        ProxyCounter.CONNECTIONS_TAKEN,
        OtherCounter.CLIENTS,
        seen.ledger().size() - unused() - seen.unanswered(),
        seen.ledger().size() + seen.unanswered());
    if (!seen.streams()) {
      long answered = seen.ledger().stream().mapToLong(ConnectionRow::requestsCount).sum();
      add(
          Optional.empty(),
          ProxyCounter.REQUESTS_TAKEN,
          OtherCounter.CLIENTS,
          answered,
          answered + seen.unanswered());
    }
  }

  /** Of clients. */
  private void add(
      Optional<String> proxy, ProxyCounter counter, OtherCounter held, long least, long most) {
    String name =
        counter == ProxyCounter.CONNECTIONS_TAKEN ? OwnCounters.CONNECTIONS : OwnCounters.REQUESTS;
    long count =
        proxy.map(List::of).orElseGet(own::proxies).stream()
            .mapToLong(p -> own.count(p, Optional.empty(), name))
            .sum();
    rows.add(
        ProxyCountRow.of(
            seen.at(),
            proxy,
            Optional.empty(),
            counter,
            held,
            count,
            Math.max(0, least),
            Optional.of(most).filter(_ -> !seen.lost())));
  }

  /** What a proxy counted of a pod. */
  private final class OfPod {
    private final String proxy;
    private final Optional<String> pod;
    private final List<ProxiedRow> went;
    private final List<EchoCount> taken;
    private final boolean struck;

    /** Requests that no log has at a pod, or that were meant for one more than once. */
    private final long elsewhere;

    OfPod(String proxy, String pod, long elsewhere, List<ProxiedRow> all) {
      this.proxy = proxy;
      this.pod = Optional.of(pod);
      this.elsewhere = elsewhere;
      this.went = all.stream().filter(r -> r.pod().equals(this.pod)).toList();
      Set<String> addresses = all.stream().map(ProxiedRow::address).collect(Collectors.toSet());
      this.taken =
          seen.echo().stream()
              .filter(e -> e.pod().equals(pod) && addresses.contains(e.clientAddress()))
              .toList();
      this.struck = seen.struck().contains(pod);
    }

    void compare() {
      long connections = connections();
      long refused = own.count(proxy, pod, OwnCounters.REFUSED);
      row(
          ProxyCounter.CONNECTIONS_OPENED,
          OtherCounter.PODS,
          connections,
          connections + refused,
          !struck);
      // an earlier version did not say what was tried again at a pod that came to be no more
      boolean known = own.of(proxy, Optional.empty(), OwnCounters.RETRIED).isPresent() || !struck;
      long sent = went.stream().mapToLong(CounterCheck::sent).sum();
      row(ProxyCounter.REQUESTS_SENT, OtherCounter.LOG, sent, sent + elsewhere, known);
      if (!seen.streams()) {
        long served = taken.stream().mapToLong(EchoCount::requestsCount).sum();
        long cut = went.stream().mapToLong(r -> r.unansweredCount().orElse(0L)).sum();
        row(ProxyCounter.REQUESTS_SENT, OtherCounter.PODS, served, served + cut + elsewhere, known);
      }
    }

    /** Those of which its log or the pod knows: of each end the more that either has. */
    private long connections() {
      Map<String, Long> logged = by(went, r -> end(r.address(), r.port()));
      Map<String, Long> counted = by(taken, e -> end(e.clientAddress(), e.clientPort()));
      counted.forEach((end, n) -> logged.merge(end, n, Math::max));
      return logged.values().stream().mapToLong(n -> n).sum();
    }

    private static <T> Map<String, Long> by(List<T> all, Function<T, String> end) {
      return all.stream().collect(Collectors.groupingBy(end, HashMap::new, Collectors.counting()));
    }

    private void row(
        ProxyCounter counter, OtherCounter held, long least, long most, boolean bounded) {
      String name =
          counter == ProxyCounter.CONNECTIONS_OPENED
              ? OwnCounters.CONNECTIONS
              : OwnCounters.REQUESTS;
      rows.add(
          ProxyCountRow.of(
              seen.at(),
              Optional.of(proxy),
              pod,
              counter,
              held,
              own.count(proxy, pod, name),
              Math.max(0, least - seen.unanswered()),
              Optional.of(most + seen.unanswered()).filter(_ -> bounded && !seen.lost())));
    }
  }
}
