package dev.conntrail.analysis.middle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.Death;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.result.row.OtherCounter;
import dev.conntrail.result.row.ProxiedRow;
import dev.conntrail.result.row.ProxyCountRow;
import dev.conntrail.result.row.ProxyCounter;
import dev.conntrail.result.row.ProxyLeg;
import dev.conntrail.spec.CellId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two clients' connections of five requests each through one proxy, which go to two pods. */
class CounterCheckTest {
  private static final At AT = new At("ct0a1b2c", new CellId("00000001"), 1);
  private static final String PROXY = "10.244.201.1";

  private final List<CounterRow> counters =
      new ArrayList<>(
          List.of(
              counter("ledger", "connections_count", 99),
              counter("proxy-1", "connections_count", 2),
              counter("proxy-1", "requests_count", 10),
              counter("proxy-1", "retried_count", 0),
              counter("proxy-1 pod-1", "connections_count", 1),
              counter("proxy-1 pod-1", "requests_count", 4),
              counter("proxy-1 pod-1", "refused_count", 0),
              counter("proxy-1 pod-2", "connections_count", 1),
              counter("proxy-1 pod-2", "requests_count", 6),
              counter("proxy-1 pod-2", "refused_count", 0)));
  private final List<ConnectionRow> ledger = new ArrayList<>(List.of(row(1001, 5), row(1002, 5)));
  private final List<EchoCount> echo =
      new ArrayList<>(List.of(counted("pod-1", 2001, 4), counted("pod-2", 2002, 6)));
  private final List<ProxiedRow> proxied =
      new ArrayList<>(
          List.of(
              came(1001, 5), came(1002, 5), went("pod-1", 2001, 4, 0), went("pod-2", 2002, 6, 0)));

  private static CounterRow counter(String source, String counter, double value) {
    return new CounterRow(AT, source, counter, value);
  }

  private static ConnectionRow row(int port, long requests) {
    return new ConnectionRow(
        AT,
        "client-1",
        Optional.of("node-1"),
        port,
        "10.244.200.1",
        port,
        "10.96.0.10",
        80,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        1,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Death.OPEN,
        requests,
        requests,
        0,
        Optional.empty());
  }

  private static EchoCount counted(String pod, int port, long requests) {
    return new EchoCount(pod, "node-1", PROXY, port, "http1", requests, Optional.empty());
  }

  private static ProxiedRow came(int port, long requests) {
    return new ProxiedRow(
        AT,
        "proxy-1",
        ProxyLeg.TO_PROXY,
        "10.244.200.1",
        port,
        Optional.empty(),
        requests,
        Optional.empty());
  }

  private static ProxiedRow went(String pod, int port, long requests, long cut) {
    return new ProxiedRow(
        AT, "proxy-1", ProxyLeg.TO_POD, PROXY, port, Optional.of(pod), requests, Optional.of(cut));
  }

  private void set(String source, String counter, long value) {
    assertThat(counters.removeIf(c -> c.source().equals(source) && c.counter().equals(counter)))
        .isTrue();
    counters.add(counter(source, counter, (double) value));
  }

  private List<ProxyCountRow> compared(long unanswered, Set<String> struck, boolean lost) {
    return CounterCheck.of(
        new SeenInMiddle(AT, false, counters, proxied, ledger, echo, unanswered, struck, lost));
  }

  private List<ProxyCountRow> differ(long unanswered, String... struck) {
    return compared(unanswered, Set.of(struck), false).stream()
        .filter(ProxyCountRow::differs)
        .toList();
  }

  @Test
  void allThatIsComparedIsEqual() {
    assertThat(compared(0, Set.of(), false))
        .hasSize(10)
        .allMatch(r -> !r.differs())
        .allMatch(r -> r.counterCount() == r.leastCount())
        .allMatch(r -> r.mostCount().equals(Optional.of(r.counterCount())));
  }

  /** One more or one fewer is found, whichever counter it is, and named. */
  @ParameterizedTest
  @CsvSource({
    "proxy-1, connections_count, 1", "proxy-1, connections_count, 3",
    "proxy-1, requests_count, 9", "proxy-1, requests_count, 11",
    "proxy-1 pod-1, connections_count, 0", "proxy-1 pod-1, connections_count, 2",
    "proxy-1 pod-1, requests_count, 3", "proxy-1 pod-2, requests_count, 7"
  })
  void aCounterThatIsOffByOneIsFound(String source, String counter, long value) {
    set(source, counter, value);
    assertThat(differ(0))
        .isNotEmpty()
        .allMatch(r -> r.counterCount() == value)
        .allMatch(r -> r.pod().map(p -> "proxy-1 " + p).orElse("proxy-1").equals(source));
  }

  @Test
  void whoItDiffersFromIsNamed() {
    echo.set(0, counted("pod-1", 2001, 5));
    assertThat(differ(0))
        .singleElement()
        .satisfies(r -> {
          assertThat(r.counter()).isEqualTo(ProxyCounter.REQUESTS_SENT);
          assertThat(r.held()).isEqualTo(OtherCounter.PODS);
          assertThat(r.pod()).contains("pod-1");
          assertThat(r.leastCount()).isEqualTo(5);
        });
  }

  /** What is sent again counts once more for the pod; it has to have been said. */
  @Test
  void aRetryExplainsOneMoreAndNoTwo() {
    set("proxy-1 pod-1", "requests_count", 5);
    assertThat(differ(0)).isNotEmpty();
    set("proxy-1", "retried_count", 1);
    assertThat(differ(0)).isEmpty();
    set("proxy-1 pod-1", "requests_count", 6);
    assertThat(differ(0)).isNotEmpty();
  }

  @Test
  void aConnectionThatWasRefusedIsTheProxysAlone() {
    set("proxy-1 pod-1", "connections_count", 3);
    assertThat(differ(0)).hasSize(1);
    set("proxy-1 pod-1", "refused_count", 2);
    assertThat(differ(0)).isEmpty();
  }

  /** It waited in the queue of a pod that ended: but none that pod or log have may be missing. */
  @Test
  void aPodThatEndedMayHaveTakenNotAllOfThem() {
    set("proxy-1 pod-1", "connections_count", 3);
    assertThat(differ(0, "pod-1")).isEmpty();
    set("proxy-1 pod-1", "connections_count", 0);
    assertThat(differ(0, "pod-1")).hasSize(1);
  }

  /** What clients have no reply to may be under way, and nothing more. */
  @Test
  void whatIsUnderWayAtTheEndExplainsSoMuch() {
    set("proxy-1", "requests_count", 12);
    assertThat(differ(1)).isNotEmpty();
    assertThat(differ(2)).isEmpty();
  }

  /** A request that came to no pod was meant for one. */
  @Test
  void aRequestThatNoPodTookIsSomePods() {
    proxied.set(0, came(1001, 6));
    set("proxy-1", "requests_count", 11);
    set("proxy-1 pod-2", "requests_count", 7);
    assertThat(differ(1)).isEmpty();
  }

  @Test
  void aConnectionThatIsNotUsedNeedNotBeTaken() {
    ledger.add(row(1003, 0));
    assertThat(differ(0)).isEmpty();
    set("proxy-1", "connections_count", 3);
    assertThat(differ(0)).isEmpty();
    set("proxy-1", "connections_count", 4);
    assertThat(differ(0)).isNotEmpty();
  }

  /** Who took counts along bounds nothing; what is there is there nevertheless. */
  @Test
  void whereCountsWereLostThereIsNoMost() {
    set("proxy-1", "requests_count", 100);
    assertThat(compared(0, Set.of(), true)).noneMatch(ProxyCountRow::differs);
    set("proxy-1", "requests_count", 9);
    assertThat(compared(0, Set.of(), true)).anyMatch(ProxyCountRow::differs);
  }

  /** An earlier version did not say what was tried again. */
  @Test
  void olderCountersAreHeldToWhatTheyTell() {
    counters.removeIf(
        c -> c.counter().equals("retried_count") || c.counter().equals("refused_count"));
    assertThat(differ(0)).isEmpty();
    set("proxy-1 pod-1", "requests_count", 6);
    assertThat(differ(0)).isNotEmpty();
    assertThat(differ(0, "pod-1")).isEmpty();
  }
}
