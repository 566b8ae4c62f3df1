package dev.conntrail.load;

import static dev.conntrail.load.LibraryRuns.DUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.LedgerRow;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.Retries;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever libraries send again is counted as that, and each request once. */
class RetriesTest {
  private static LoadOutcome run(RefusingServer server, Protocol protocol, Retries retries)
      throws InterruptedException {
    return LibraryRuns.run(server.address(), protocol, retries);
  }

  private static long retried(LoadOutcome outcome) {
    return outcome.replies().retried().values().stream().mapToLong(n -> n).sum();
  }

  /** All are answered, though the server met some twice. */
  private static void allAnswered(LoadOutcome outcome, RefusingServer server, int again) {
    assertThat(outcome.requests().errors()).isEmpty();
    assertThat(outcome.requests().due()).isEqualTo(DUE);
    assertThat(outcome.requests().answered()).isEqualTo(DUE);
    assertThat(outcome.requests().unfinished()).isZero();
    assertThat(outcome.requests().retried()).isEqualTo(again);
    assertThat(retried(outcome)).isEqualTo(again);
    assertThat(server.came()).isEqualTo(1 + DUE + again);
    assertThat(outcome.ledger().stream().mapToLong(LedgerRow::requests).sum()).isEqualTo(1 + DUE);
  }

  @ParameterizedTest
  @CsvSource({"HTTP1, false", "GRPC, true"})
  void whatAConnectionTookWithItIsSentOnAnother(Protocol protocol, boolean http2)
      throws InterruptedException {
    try (RefusingServer server = new RefusingServer(http2, Set.of(), Set.of(5, 9))) {
      LoadOutcome outcome = run(server, protocol, Retries.LIBRARY);
      allAnswered(outcome, server, 2);
      assertThat(outcome.ledger())
          .extracting(LedgerRow::requests)
          .as("4 answered, and the fifth not; 3 and one not; the others")
          .containsExactly(4L, 3L, DUE - 6L);
    }
  }

  /** A server that refuses a stream has not begun with it. */
  @ParameterizedTest
  @CsvSource({"HTTP2", "GRPC"})
  void aStreamThatIsRefusedIsOpenedAgain(Protocol protocol) throws InterruptedException {
    try (RefusingServer server = new RefusingServer(true, Set.of(7), Set.of())) {
      LoadOutcome outcome = run(server, protocol, Retries.LIBRARY);
      allAnswered(outcome, server, 1);
      assertThat(outcome.ledger()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"HTTP1, false", "HTTP2, true", "GRPC, true"})
  void withoutRetriesItHasFailed(Protocol protocol, boolean http2) throws InterruptedException {
    try (RefusingServer server = new RefusingServer(http2, Set.of(), Set.of(5))) {
      LoadOutcome outcome = run(server, protocol, Retries.OFF);
      assertThat(outcome.requests().errors().values()).containsExactly(1L);
      assertThat(outcome.requests().answered()).isEqualTo(DUE - 1);
      assertThat(outcome.requests().retried()).isZero();
      assertThat(retried(outcome)).isZero();
      assertThat(server.came()).isEqualTo(1 + DUE);
    }
  }

  /**
   * OkHttp sends what a kept connection took with it on two new ones at most, and what fails on a
   * connection that was made for it on none.
   */
  @Test
  void whatGoesOnFailingHasFailed() throws InterruptedException {
    try (RefusingServer server = new RefusingServer(false, Set.of(), Set.of(5, 6, 7, 8))) {
      LoadOutcome outcome = run(server, Protocol.HTTP1, Retries.LIBRARY);
      assertThat(outcome.requests().answered()).isEqualTo(DUE - 2);
      assertThat(outcome.requests().errors().values().stream().mapToLong(n -> n).sum())
          .isEqualTo(2);
      assertThat(outcome.requests().retried()).isEqualTo(2);
      assertThat(retried(outcome)).isEqualTo(2);
      assertThat(server.came()).isEqualTo(1 + DUE + 2);
    }
  }
}
