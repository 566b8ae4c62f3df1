package dev.conntrail.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static LedgerEntry born() {
    InetSocketAddress local = new InetSocketAddress("10.244.1.7", 44556);
    return new Ledger().born(local, new InetSocketAddress("10.244.2.5", 8080), 1, 1);
  }

  @Test
  void repliesFromAnotherPodAreStrays() {
    Ledger ledger = new Ledger();
    LedgerEntry entry =
        ledger.born(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1),
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 2),
            0,
            0);
    entry.replied(EchoLine.parse("pod-1 node-1 1 1"), 1, 3, 5);
    entry.replied(EchoLine.parse("pod-2 node-1 1 2"), 1, 6, 9);
    assertThat(entry.lastReplyNs()).isEqualTo(9);
    assertThat(entry.lastRequestNs()).isEqualTo(6);
    assertThat(entry.pod()).isEqualTo("pod-1");
    assertThat(entry.strays()).isEqualTo(1);
  }

  /** One of HTTP/2 that callers share: none of their replies is lost, and one pod is the first. */
  @Test
  void callersThatShareAConnectionNoteTheirRepliesTogether() throws Exception {
    LedgerEntry entry = born();
    int callers = 4;
    long replies = 200_000;
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      List<Future<?>> all = new ArrayList<>();
      for (int c = 0; c < callers; c++) {
        EchoLine line = EchoLine.parse("pod-" + c + " node-1 1 1");
        all.add(
            threads.submit(() -> {
              for (int i = 0; i < replies; i++) {
                entry.replied(line, i % 2, 3, 5);
              }
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(entry.requests()).isEqualTo(callers * replies);
    assertThat(entry.measuredRequests()).isEqualTo(callers * replies / 2);
    assertThat(entry.strays()).as("of all callers but one").isEqualTo((callers - 1) * replies);
  }

  @Test
  void whoWasToldToLeaveIsGoneByThatWhoeverClosed() {
    Ledger ledger = new Ledger();
    InetSocketAddress local = new InetSocketAddress("10.244.1.7", 44556);
    InetSocketAddress remote = new InetSocketAddress("10.244.2.5", 9090);
    LedgerEntry told = ledger.born(local, remote, 1, 1);
    told.goodbye();
    told.died(5, Death.CLIENT);
    assertThat(told.death()).isEqualTo(Death.GOODBYE);
    LedgerEntry reset = ledger.born(local, remote, 6, 1);
    reset.goodbye();
    reset.died(8, Death.RESET);
    assertThat(reset.death()).isEqualTo(Death.RESET);
    reset.died(9, Death.CLIENT);
    assertThat(reset.death()).as("the first cause stays").isEqualTo(Death.RESET);
  }

  /** As OkHttp does it after {@code Connection: close}: it closes, then hands the reply over. */
  @Test
  void aReplyHadComeByTheEndOfItsConnection() {
    LedgerEntry entry = born();
    entry.replied(EchoLine.parse("pod-1 node-1 1 1"), 1, 3, 5);
    entry.goodbye();
    entry.died(8, Death.CLIENT);
    assertThat(entry.lastReplyNs()).isEqualTo(5);
    entry.replied(EchoLine.parse("pod-1 node-1 1 2"), 1, 6, 9);
    assertThat(entry.lastReplyNs()).isEqualTo(8);
    assertThat(entry.requests()).isEqualTo(2);
  }

  /** As seen on a cluster: the kernel gave one local port to connections to two pods. */
  @Test
  void aLocalPortMayServeSeveralRemotes() {
    Ledger ledger = new Ledger();
    InetSocketAddress local = new InetSocketAddress("10.244.1.7", 44556);
    InetSocketAddress one = new InetSocketAddress("10.244.2.5", 9090);
    InetSocketAddress two = new InetSocketAddress("10.244.1.3", 9090);
    LedgerEntry first = ledger.born(local, one, 1, 1);
    LedgerEntry second = ledger.born(local, two, 2, 1);
    assertThat(ledger.between(local, one)).isSameAs(first);
    assertThat(ledger.between(local, two)).isSameAs(second);
    assertThat(ledger.between(one, local)).isNull();
  }

  /** Rows of several owners: an event loop has its own. */
  @Test
  void rowsAreNumberedInOrderOfBirthWhoeverHasThem() {
    Ledger mine = new Ledger();
    Ledger yours = new Ledger();
    InetSocketAddress remote = new InetSocketAddress("10.244.2.5", 8080);
    mine.born(new InetSocketAddress("10.244.1.7", 1), remote, 10, 1);
    mine.born(new InetSocketAddress("10.244.1.7", 3), remote, 30, 1);
    yours.born(new InetSocketAddress("10.244.1.7", 2), remote, 20, 1);
    List<LedgerRow> rows =
        LedgerRow.inOrder(Stream.of(mine, yours).flatMap(l -> l.rows().stream()));
    assertThat(rows).extracting(r -> r.local().getPort()).containsExactly(1, 2, 3);
    assertThat(rows).extracting(LedgerRow::number).containsExactly(1, 2, 3);
  }
}
