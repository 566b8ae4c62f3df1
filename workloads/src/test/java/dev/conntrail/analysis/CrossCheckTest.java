package dev.conntrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.Rows;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CrossCheckTest {
  private static final String LISTING =
      """
      tcp      6 3596 TIME_WAIT src=10.244.200.1 dst=10.96.0.10 sport=1026 dport=80 src=10.244.1.3 dst=10.244.200.1 sport=8080 dport=1026 [ASSURED] mark=0 use=1
      tcp      6 86399 ESTABLISHED src=10.244.200.1 dst=10.96.0.10 sport=1028 dport=80 src=10.244.1.1 dst=10.244.200.1 sport=8080 dport=1028 [ASSURED] mark=0 use=1
      tcp      6 100 SYN_SENT src=10.1.0.2 dst=10.96.0.10 sport=5 dport=80 [UNREPLIED] src=10.244.1.1 dst=10.1.0.2 sport=8080 dport=5 mark=0 use=1
      """;

  private final Map<CrossCheck.End, CrossCheck.Answer> kernel =
      CrossCheck.kernelTable(
          LISTING,
          Set.of("10.244.200.1"),
          Set.of("10.96.0.10"),
          Map.of("10.244.1.1", "pod-1", "10.244.1.3", "pod-3"),
          false);

  private static Rows.Connection mine(int port, String pod, long requests) {
    return born(0, port, pod, requests);
  }

  private static Rows.Connection later(int port, String pod, long requests) {
    return born(100, port, pod, requests);
  }

  private static Rows.Connection born(double bornMs, int port, String pod, long requests) {
    return new Rows.Connection(
        "c",
        1,
        "client-1",
        "node-1",
        1,
        "10.244.200.1",
        port,
        "10.96.0.10",
        80,
        pod,
        "node-1",
        bornMs,
        1,
        1,
        bornMs + 1,
        bornMs + 1,
        "client-close",
        requests,
        requests,
        0);
  }

  private static Rows.EchoConnection theirs(int port, String pod, long requests) {
    return new Rows.EchoConnection(pod, "node-1", "10.244.200.1", port, "http1", requests);
  }

  private long unanswered;

  private List<Rows.Disagreement> compare(
      List<Rows.Connection> ledger, List<Rows.EchoConnection> echo) {
    return compare(ledger, echo, Set.of(), Double.MAX_VALUE, Map.of());
  }

  private List<Rows.Disagreement> compare(
      List<Rows.Connection> ledger,
      List<Rows.EchoConnection> echo,
      Set<CrossCheck.End> before,
      double keepsMs,
      Map<String, String> nodes) {
    return CrossCheck.compare(
            new CrossCheck.Witnesses(
                ledger, echo, Optional.of(kernel), before, keepsMs, unanswered, nodes),
            false)
        .disagreements();
  }

  @Test
  void theKernelsTableIsReadFromTheReplyDirectionOfClientsOnly() {
    assertThat(kernel)
        .containsOnly(
            Map.entry(
                new CrossCheck.End("10.244.200.1", 1026, ""), new CrossCheck.Answer("pod-3", 1026)),
            Map.entry(
                new CrossCheck.End("10.244.200.1", 1028, ""),
                new CrossCheck.Answer("pod-1", 1028)));
  }

  @Test
  void threeWitnessesThatAgree() {
    assertThat(
            compare(
                List.of(mine(1026, "pod-3", 5), mine(1028, "pod-1", 7)),
                List.of(theirs(1026, "pod-3", 5), theirs(1028, "pod-1", 7))))
        .isEmpty();
  }

  @Test
  void eachDifferenceIsNamed() {
    List<Rows.Disagreement> d =
        compare(
            List.of(mine(1026, "pod-2", 5), mine(1028, "pod-1", 7), mine(1030, "pod-1", 1)),
            List.of(theirs(1026, "pod-3", 5), theirs(1028, "pod-1", 8), theirs(1032, "pod-1", 1)));
    assertThat(d)
        .extracting(Rows.Disagreement::why)
        .containsExactly(
            "ledger and pod name different pods",
            "ledger and pod count different requests",
            "not counted by any pod; not in the kernel's table",
            "not in the client's ledger; not in the kernel's table");
  }

  @Test
  void aPodMayHaveServedWhatWasCutOffAndNoMore() {
    unanswered = 2;
    List<Rows.Connection> ledger = List.of(mine(1026, "NA", 0), mine(1028, "pod-1", 7));
    assertThat(compare(ledger, List.of(theirs(1026, "pod-3", 1), theirs(1028, "pod-1", 8))))
        .isEmpty();
    assertThat(compare(ledger, List.of(theirs(1026, "pod-3", 1), theirs(1028, "pod-1", 9))))
        .extracting(Rows.Disagreement::why)
        .containsExactly("ledger and pod count different requests");
    assertThat(compare(ledger, List.of(theirs(1026, "pod-2", 1), theirs(1028, "pod-1", 6))))
        .extracting(Rows.Disagreement::why)
        .containsExactly(
            "kernel and pod name different pods", "ledger and pod count different requests");
  }

  /** The kernel keeps one entry a port: that of the last connection. */
  @Test
  void aPortThatServedTwoConnectionsIsToldApartByPodAndRequests() {
    List<Rows.EchoConnection> echo =
        List.of(theirs(1026, "pod-3", 5), theirs(1026, "pod-2", 9), theirs(1028, "pod-1", 7));
    assertThat(
            compare(
                List.of(later(1026, "pod-3", 5), mine(1026, "pod-2", 9), mine(1028, "pod-1", 7)),
                echo))
        .isEmpty();
    assertThat(
            compare(
                List.of(mine(1026, "pod-3", 5), later(1026, "pod-2", 9), mine(1028, "pod-1", 7)),
                echo))
        .extracting(Rows.Disagreement::why)
        .containsExactly("kernel and pod name different pods");
    assertThat(compare(List.of(later(1026, "pod-3", 5), mine(1028, "pod-1", 7)), echo))
        .extracting(Rows.Disagreement::why)
        .containsExactly("not in the client's ledger");
  }

  /** As seen on a node of kind: the pair was still in TIME_WAIT from a connection to the pod. */
  @Test
  void aPortThatTheKernelChangedIsFollowed() {
    Map<CrossCheck.End, CrossCheck.Answer> table =
        CrossCheck.kernelTable(
            "tcp 6 3599 TIME_WAIT src=10.244.200.1 dst=10.96.0.10 sport=38486 dport=80 src=10.244.1.3 dst=10.244.200.1 sport=8080 dport=57770 [ASSURED] mark=0 use=1",
            Set.of("10.244.200.1"),
            Set.of("10.96.0.10"),
            Map.of("10.244.1.3", "pod-3"),
            false);
    assertThat(
            CrossCheck.compare(
                    new CrossCheck.Witnesses(
                        List.of(mine(38486, "pod-3", 91)),
                        List.of(theirs(57770, "pod-3", 91)),
                        Optional.of(table),
                        Set.of(),
                        Double.MAX_VALUE,
                        0,
                        Map.of()),
                    false)
                .disagreements())
        .isEmpty();
  }

  @Test
  void whatWasInTheTableBeforeIsNoConnectionOfTheRepetition() {
    assertThat(compare(List.of(mine(1026, "pod-3", 5)), List.of(theirs(1026, "pod-3", 5))))
        .extracting(Rows.Disagreement::why)
        .containsExactly("not in the client's ledger; not counted by any pod");
    assertThat(
            compare(
                List.of(mine(1026, "pod-3", 5)),
                List.of(theirs(1026, "pod-3", 5)),
                kernel.keySet(),
                Double.MAX_VALUE,
                Map.of()))
        .isEmpty();
  }

  @Test
  void theKernelIsNotAskedForWhatItMayHaveForgotten() {
    List<Rows.Connection> ledger =
        List.of(mine(1030, "pod-1", 1), later(1026, "pod-3", 5), later(1028, "pod-1", 7));
    List<Rows.EchoConnection> echo =
        List.of(theirs(1030, "pod-1", 1), theirs(1026, "pod-3", 5), theirs(1028, "pod-1", 7));
    assertThat(compare(ledger, echo, Set.of(), 150, Map.of()))
        .extracting(Rows.Disagreement::why)
        .containsExactly("not in the kernel's table");
    assertThat(compare(ledger, echo, Set.of(), 50, Map.of())).isEmpty();
  }

  @Test
  void aReplyThatNamesAnotherNodeThanTheTestbedIsADifference() {
    assertThat(
            compare(
                List.of(mine(1026, "pod-3", 5), mine(1028, "pod-1", 7)),
                List.of(theirs(1026, "pod-3", 5), theirs(1028, "pod-1", 7)),
                Set.of(),
                Double.MAX_VALUE,
                Map.of("pod-3", "node-1", "pod-1", "node-2")))
        .extracting(Rows.Disagreement::why)
        .containsExactly("reply and testbed name different nodes");
  }

  @Test
  void marksNameWhatIsWrong() {
    assertThat(
            Marks.of(
                new Marks.Evidence(
                    true, 100, 99, 1e6, 50, 1, 0, 0, 0, 10, false, 10, 0, false, 0, 0, 20)))
        .isEmpty();
    assertThat(
            Marks.of(
                new Marks.Evidence(
                    true, 100, 90, 2e7, 50, 9, 1, 1, 1, 10, false, 9, 1, false, 1, 1, 200)))
        .containsExactly(
            "client-short-of-cpu",
            "rate-missed",
            "errors",
            "unfinished",
            "connection-changed-pod",
            "connections-missing",
            "witnesses-disagree",
            "cpu-stolen",
            "load-lost",
            "pod-lost",
            "clients-not-together");
    assertThat(
            Marks.of(
                new Marks.Evidence(
                    false,
                    Double.NaN,
                    5000,
                    Double.NaN,
                    99,
                    0,
                    0,
                    0,
                    0,
                    0,
                    false,
                    3,
                    0,
                    true,
                    0,
                    0,
                    0)))
        .containsExactly("client-short-of-cpu", "drained-early");
    // errors that were to be brought about are no fault of the measurement
    assertThat(
            Marks.of(
                new Marks.Evidence(
                    true, 100, 50, 1e6, 50, 0, 7, 5, 0, 0, true, 9, 0, false, 0, 0, 0)))
        .isEmpty();
  }
}
