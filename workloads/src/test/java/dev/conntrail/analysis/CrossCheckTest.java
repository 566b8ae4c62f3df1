package dev.conntrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.conntrail.analysis.KernelTable.Answer;
import dev.conntrail.analysis.KernelTable.End;
import dev.conntrail.analysis.Witnesses.PlacedPod;
import dev.conntrail.record.Death;
import dev.conntrail.result.LikeRow;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.Difference;
import dev.conntrail.result.row.DisagreementRow;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.result.row.Witness;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.ClosedBy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CrossCheckTest {
  private static final At AT = new At("ct0a1b2c", new CellId("00000001"), 1);
  private static final String CLIENT = "10.244.200.1";
  private static final List<PlacedPod> PODS =
      List.of(
          new PlacedPod("pod-1", "node-1", "10.244.1.1"),
          new PlacedPod("pod-2", "node-1", "10.244.1.2"),
          new PlacedPod("pod-3", "node-1", "10.244.1.3"));
  private static final String LISTING =
      """
      tcp      6 3596 TIME_WAIT src=10.244.200.1 dst=10.96.0.10 sport=1026 dport=80 src=10.244.1.3 dst=10.244.200.1 sport=8080 dport=1026 [ASSURED] mark=0 use=1
      tcp      6 86399 ESTABLISHED src=10.244.200.1 dst=10.96.0.10 sport=1028 dport=80 src=10.244.1.1 dst=10.244.200.1 sport=8080 dport=1028 [ASSURED] mark=0 use=1
      tcp      6 100 SYN_SENT src=10.1.0.2 dst=10.96.0.10 sport=5 dport=80 [UNREPLIED] src=10.244.1.1 dst=10.1.0.2 sport=8080 dport=5 mark=0 use=1
      """;

  private final Map<End, Answer> kernel =
      KernelTable.read(
          LISTING,
          Set.of("10.244.200.1"),
          Set.of("10.96.0.10"),
          Map.of("10.244.1.1", "pod-1", "10.244.1.3", "pod-3"),
          false);

  private static ConnectionRow mine(int port, String pod, long requests) {
    return born(0, port, pod, requests, Death.CLIENT);
  }

  private static ConnectionRow later(int port, String pod, long requests) {
    return born(100, port, pod, requests, Death.CLIENT);
  }

  private static ConnectionRow reset(int port, String pod, long requests) {
    return born(0, port, pod, requests, Death.RESET);
  }

  private static ConnectionRow born(
      double bornMs, int port, String pod, long requests, Death death) {
    return new ConnectionRow(
        AT,
        "client-1",
        Optional.of("node-1"),
        1,
        CLIENT,
        port,
        "10.96.0.10",
        80,
        Optional.empty(),
        Optional.of(pod).filter(p -> !p.isEmpty()),
        Optional.of("node-1").filter(_ -> !pod.isEmpty()),
        Optional.of(Witness.REPLY).filter(_ -> !pod.isEmpty()),
        bornMs,
        1,
        1,
        bornMs + 1,
        bornMs + 1,
        death,
        requests,
        requests,
        0,
        Optional.empty());
  }

  private static EchoCount theirs(int port, String pod, long requests) {
    return new EchoCount(pod, "node-1", CLIENT, port, "http1", requests, Optional.empty());
  }

  private static Leg leg(
      List<ConnectionRow> ledger,
      List<EchoCount> echo,
      Map<End, Answer> table,
      Set<End> before,
      double keepsMs,
      boolean direct,
      long unanswered) {
    double sinceMs = READ_MS - keepsMs;
    return new Leg(ledger, echo, Optional.of(table), before, sinceMs, direct, true, unanswered);
  }

  private static EchoCount closed(int port, String pod, String protocol, ClosedBy by) {
    return new EchoCount(pod, "node-1", CLIENT, port, protocol, 3, Optional.of(by));
  }

  /** When the last of these connections has just ended. */
  private static final double READ_MS = 101;

  private long unanswered;
  private Set<String> heard = Set.of();
  private Set<String> ended = Set.of();
  private Set<String> made = Set.of();

  private List<DisagreementRow> compare(List<ConnectionRow> ledger, List<EchoCount> echo) {
    return compare(ledger, echo, Set.of(), Double.MAX_VALUE, PODS);
  }

  private List<DisagreementRow> compare(
      List<ConnectionRow> ledger,
      List<EchoCount> echo,
      Set<End> before,
      double keepsMs,
      List<PlacedPod> pods) {
    return CrossCheck.compare(
            new Witnesses(
                AT,
                List.of(leg(ledger, echo, kernel, before, keepsMs, false, unanswered)),
                Set.of(),
                heard,
                ended,
                made,
                pods))
        .disagreements();
  }

  @Test
  void theKernelsTableIsReadFromTheReplyDirectionOfClientsOnly() {
    assertThat(kernel)
        .containsOnly(
            Map.entry(new End("10.244.200.1", 1026, ""), new Answer("pod-3", 1026, true)),
            Map.entry(new End("10.244.200.1", 1028, ""), new Answer("pod-1", 1028, true)));
  }

  @Test
  void connectionsOfALostPodStayInTheLedgerAndAreNotCompared() {
    ConnectionRow replied = mine(1026, "pod-3", 5);
    ConnectionRow silent = mine(1028, "", 0);
    CrossCheck.Outcome outcome =
        CrossCheck.compare(
            new Witnesses(
                AT,
                List.of(
                    leg(
                        List.of(replied, silent),
                        List.of(),
                        kernel,
                        Set.of(),
                        Double.MAX_VALUE,
                        false,
                        0)),
                Set.of("pod-1", "pod-3"),
                Set.of(),
                Set.of(),
                Set.of(),
                PODS));
    assertThat(outcome.compared()).isZero();
    assertThat(outcome.disagreements()).isEmpty();
    assertThat(outcome.ledger())
        .containsExactlyInAnyOrder(on(replied, 3, Witness.REPLY), on(silent, 1, Witness.KERNEL));
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
    List<DisagreementRow> d =
        compare(
            List.of(mine(1026, "pod-2", 5), mine(1028, "pod-1", 7), mine(1030, "pod-1", 1)),
            List.of(theirs(1026, "pod-3", 5), theirs(1028, "pod-1", 8), theirs(1032, "pod-1", 1)));
    assertThat(d)
        .extracting(DisagreementRow::differences)
        .containsExactly(
            List.of(Difference.POD),
            List.of(Difference.REQUESTS),
            List.of(Difference.NOT_AT_ANY_POD, Difference.NOT_IN_KERNEL),
            List.of(Difference.NOT_IN_LEDGER, Difference.NOT_IN_KERNEL));
  }

  /** In what a connection to pod-3 differs that ended so for the client and so for its pod. */
  private List<Difference> differences(Death death, String protocol, ClosedBy by) {
    return compare(
            List.of(mine(1028, "pod-1", 3), born(0, 1026, "pod-3", 3, death)),
            List.of(
                closed(1028, "pod-1", protocol, ClosedBy.CLIENT),
                closed(1026, "pod-3", protocol, by)))
        .stream()
        .flatMap(d -> d.differences().stream())
        .toList();
  }

  @Test
  void whoClosedItAndHowItEndedMayNotContradict() {
    Map<Death, List<ClosedBy>> cannotBe =
        Map.of(
            Death.PEER_FIN,
            List.of(ClosedBy.CLIENT, ClosedBy.OPEN),
            Death.GOODBYE,
            List.of(ClosedBy.CLIENT));
    ended = Set.of("pod-3");
    for (Death death : Death.values()) {
      for (ClosedBy by : ClosedBy.values()) {
        assertThat(differences(death, "http2", by))
            .as(death + " of a connection that the pod has as " + by)
            .isEqualTo(
                cannotBe.getOrDefault(death, List.of()).contains(by)
                    ? List.of(Difference.CLOSED_BY)
                    : List.of());
      }
    }
  }

  @Test
  void aPodThatNothingStoppedDidNotExit() {
    assertThat(differences(Death.CLIENT, "grpc", ClosedBy.EXIT))
        .containsExactly(Difference.CLOSED_BY);
    ended = Set.of("pod-3");
    assertThat(differences(Death.CLIENT, "grpc", ClosedBy.EXIT)).as("both at once").isEmpty();
  }

  /** A server that its client asked to close may do so first; gRPC's library says goodbye alone. */
  @Test
  void whatAProtocolExplainsIsNoContradiction() {
    assertThat(differences(Death.PEER_FIN, "http1", ClosedBy.CLIENT)).isEmpty();
    assertThat(differences(Death.PEER_FIN, "websocket", ClosedBy.CLIENT)).isEmpty();
    assertThat(differences(Death.PEER_FIN, "grpc", ClosedBy.CLIENT))
        .containsExactly(Difference.CLOSED_BY);
    assertThat(differences(Death.GOODBYE, "grpc", ClosedBy.CLIENT)).isEmpty();
    assertThat(differences(Death.GOODBYE, "http1", ClosedBy.CLIENT))
        .containsExactly(Difference.CLOSED_BY);
  }

  /** Both had as many requests: whose end is whose tells how they ended. */
  @Test
  void ofTwoConnectionsOfAPortThoseBelongTogetherThatEndedAlike() {
    List<ConnectionRow> ledger =
        List.of(mine(1026, "pod-3", 3), born(100, 1026, "pod-3", 3, Death.PEER_FIN));
    EchoCount byClient = closed(1026, "pod-3", "grpc", ClosedBy.CLIENT);
    EchoCount byPod = closed(1026, "pod-3", "grpc", ClosedBy.POD);
    ConnectionRow other = mine(1028, "pod-1", 3);
    EchoCount otherToo = theirs(1028, "pod-1", 3);
    assertThat(
            compare(
                List.of(ledger.get(0), ledger.get(1), other), List.of(byPod, byClient, otherToo)))
        .isEmpty();
    assertThat(
            compare(
                List.of(ledger.get(0), ledger.get(1), other),
                List.of(byClient, byClient, otherToo)))
        .extracting(DisagreementRow::differences)
        .containsExactly(List.of(Difference.CLOSED_BY));
  }

  @Test
  void aPodMayHaveServedWhatWasCutOffAndNoMore() {
    unanswered = 2;
    List<ConnectionRow> ledger = List.of(mine(1026, "", 0), mine(1028, "pod-1", 7));
    assertThat(compare(ledger, List.of(theirs(1026, "pod-3", 1), theirs(1028, "pod-1", 8))))
        .isEmpty();
    assertThat(compare(ledger, List.of(theirs(1026, "pod-3", 1), theirs(1028, "pod-1", 9))))
        .extracting(DisagreementRow::differences)
        .containsExactly(List.of(Difference.REQUESTS));
    assertThat(compare(ledger, List.of(theirs(1026, "pod-2", 1), theirs(1028, "pod-1", 6))))
        .extracting(DisagreementRow::differences)
        .containsExactly(List.of(Difference.KERNEL_POD), List.of(Difference.REQUESTS));
  }

  @Test
  void whatWaitedInTheQueueOfAServerThatEndedIsAtNoPod() {
    List<ConnectionRow> ledger = List.of(reset(1026, "", 0), mine(1028, "pod-1", 7));
    List<EchoCount> echo = List.of(theirs(1028, "pod-1", 7));
    assertThat(compare(ledger, echo))
        .extracting(DisagreementRow::differences)
        .containsExactly(List.of(Difference.NOT_AT_ANY_POD));
    heard = Set.of("pod-3");
    assertThat(compare(ledger, echo)).isEmpty();
    assertThat(compare(List.of(mine(1028, "pod-1", 7)), echo))
        .as("its client had not even noted it")
        .isEmpty();
    assertThat(compare(List.of(mine(1026, "", 0), mine(1028, "pod-1", 7)), echo))
        .as("its client closed it")
        .hasSize(1);
    assertThat(compare(List.of(reset(1026, "pod-3", 1), mine(1028, "pod-1", 7)), echo))
        .as("the pod answered on it")
        .hasSize(1);
  }

  @Test
  void whatWaitedInTheQueueOfAServerThatWasStartingIsAtNoPod() {
    List<ConnectionRow> ledger = List.of(mine(1026, "", 0), mine(1028, "pod-1", 7));
    List<EchoCount> echo = List.of(theirs(1028, "pod-1", 7));
    made = Set.of("pod-1");
    assertThat(compare(ledger, echo))
        .as("another pod was")
        .extracting(DisagreementRow::differences)
        .containsExactly(List.of(Difference.NOT_AT_ANY_POD));
    made = Set.of("pod-3");
    assertThat(compare(ledger, echo)).isEmpty();
    assertThat(compare(List.of(mine(1026, "pod-3", 1), mine(1028, "pod-1", 7)), echo))
        .as("the pod answered on it")
        .hasSize(1);
  }

  /** As many connections as can be are explained, whichever of them comes first. */
  @Test
  void requestsWithoutAReplyExplainTheMostThatTheyCan() {
    unanswered = 2;
    kernel.put(new End(CLIENT, 1030, ""), new Answer("pod-1", 1030, true));
    List<ConnectionRow> ledger = List.of(mine(1026, "pod-3", 5), mine(1028, "pod-1", 7));
    List<EchoCount> echo =
        List.of(theirs(1026, "pod-3", 7), theirs(1028, "pod-1", 8), theirs(1030, "pod-1", 0));
    assertThat(compare(ledger, echo))
        .extracting(DisagreementRow::localPort, DisagreementRow::differences)
        .containsExactly(tuple(1026, List.of(Difference.REQUESTS)));
    assertThat(compare(ledger.reversed(), echo.reversed()))
        .extracting(DisagreementRow::localPort, DisagreementRow::differences)
        .containsExactly(tuple(1026, List.of(Difference.REQUESTS)));
    unanswered = 4;
    assertThat(compare(ledger, echo)).isEmpty();
  }

  /** Its connect failed as the pod took it, so nothing was asked on it. */
  @Test
  void aClientMayHaveGivenUpWhatAPodTook() {
    List<ConnectionRow> ledger = List.of(mine(1026, "pod-3", 5), mine(1028, "pod-1", 7));
    List<EchoCount> echo =
        List.of(theirs(1026, "pod-3", 5), theirs(1028, "pod-1", 7), theirs(1030, "pod-1", 0));
    kernel.put(new End(CLIENT, 1030, ""), new Answer("pod-1", 1030, true));
    assertThat(compare(ledger, echo))
        .extracting(DisagreementRow::differences)
        .containsExactly(List.of(Difference.NOT_IN_LEDGER));
    unanswered = 1;
    assertThat(compare(ledger, echo)).isEmpty();
    List<EchoCount> asked =
        List.of(theirs(1026, "pod-3", 5), theirs(1028, "pod-1", 7), theirs(1030, "pod-1", 1));
    assertThat(compare(ledger, asked)).hasSize(1);
  }

  /** Nobody need have answered its last packets. */
  @Test
  void theKernelMayHaveForgottenWhatAServerThatEndedLeft() {
    List<ConnectionRow> ledger = List.of(mine(1030, "pod-3", 5), mine(1028, "pod-1", 7));
    List<EchoCount> echo = List.of(theirs(1030, "pod-3", 5), theirs(1028, "pod-1", 7));
    kernel.remove(new End(CLIENT, 1026, ""));
    List<Difference> missing = List.of(Difference.NOT_IN_KERNEL);
    assertThat(compare(ledger, echo))
        .extracting(DisagreementRow::differences)
        .containsExactly(missing);
    heard = Set.of("pod-3");
    assertThat(compare(ledger, echo)).isEmpty();
    heard = Set.of("pod-1");
    assertThat(compare(ledger, echo))
        .as("another pod ended")
        .extracting(DisagreementRow::differences)
        .containsExactly(missing);
  }

  /** The kernel keeps one entry a port: that of the last connection. */
  @Test
  void aPortThatServedTwoConnectionsIsToldApartByPodAndRequests() {
    List<EchoCount> echo =
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
        .extracting(DisagreementRow::differences)
        .containsExactly(List.of(Difference.KERNEL_POD));
    assertThat(compare(List.of(later(1026, "pod-3", 5), mine(1028, "pod-1", 7)), echo))
        .extracting(DisagreementRow::differences)
        .containsExactly(List.of(Difference.NOT_IN_LEDGER));
  }

  /** As seen on a node of kind: the pair was still in TIME_WAIT from a connection to the pod. */
  @Test
  void aPortThatTheKernelChangedIsFollowed() {
    Map<End, Answer> table =
        KernelTable.read(
            "tcp 6 3599 TIME_WAIT src=10.244.200.1 dst=10.96.0.10 sport=38486 dport=80 src=10.244.1.3 dst=10.244.200.1 sport=8080 dport=57770 [ASSURED] mark=0 use=1",
            Set.of("10.244.200.1"),
            Set.of("10.96.0.10"),
            Map.of("10.244.1.3", "pod-3"),
            false);
    assertThat(
            CrossCheck.compare(
                    new Witnesses(
                        AT,
                        List.of(
                            leg(
                                List.of(mine(38486, "pod-3", 91)),
                                List.of(theirs(57770, "pod-3", 91)),
                                table,
                                Set.of(),
                                Double.MAX_VALUE,
                                false,
                                0)),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        PODS))
                .disagreements())
        .isEmpty();
  }

  @Test
  void whatWasInTheTableBeforeIsNoConnectionOfTheRepetition() {
    assertThat(compare(List.of(mine(1026, "pod-3", 5)), List.of(theirs(1026, "pod-3", 5))))
        .extracting(DisagreementRow::differences)
        .containsExactly(List.of(Difference.NOT_IN_LEDGER, Difference.NOT_AT_ANY_POD));
    assertThat(
            compare(
                List.of(mine(1026, "pod-3", 5)),
                List.of(theirs(1026, "pod-3", 5)),
                kernel.keySet(),
                Double.MAX_VALUE,
                PODS))
        .isEmpty();
  }

  @Test
  void theKernelIsNotAskedForWhatItMayHaveForgotten() {
    List<ConnectionRow> ledger =
        List.of(mine(1030, "pod-1", 1), later(1026, "pod-3", 5), later(1028, "pod-1", 7));
    List<EchoCount> echo =
        List.of(theirs(1030, "pod-1", 1), theirs(1026, "pod-3", 5), theirs(1028, "pod-1", 7));
    assertThat(compare(ledger, echo, Set.of(), 150, PODS))
        .extracting(DisagreementRow::differences)
        .containsExactly(List.of(Difference.NOT_IN_KERNEL));
    assertThat(compare(ledger, echo, Set.of(), 50, PODS)).isEmpty();
  }

  @Test
  void aReplyThatNamesAnotherNodeThanTheTestbedIsADifference() {
    assertThat(
            compare(
                List.of(mine(1026, "pod-3", 5), mine(1028, "pod-1", 7)),
                List.of(theirs(1026, "pod-3", 5), theirs(1028, "pod-1", 7)),
                Set.of(),
                Double.MAX_VALUE,
                List.of(
                    new PlacedPod("pod-3", "node-1", "10.244.1.3"),
                    new PlacedPod("pod-1", "node-2", "10.244.1.1"))))
        .extracting(DisagreementRow::differences)
        .containsExactly(List.of(Difference.NODE));
  }

  /** A connection, and what it is told of its pod. */
  private ConnectionRow located(
      ConnectionRow mine, List<EchoCount> echo, Map<End, Answer> table, boolean direct) {
    return CrossCheck.compare(
            new Witnesses(
                AT,
                List.of(leg(List.of(mine), echo, table, Set.of(), Double.MAX_VALUE, direct, 1)),
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                PODS))
        .ledger()
        .getFirst();
  }

  /** A row as it was, with a pod. */
  private static ConnectionRow on(ConnectionRow mine, int index, Witness by) {
    return mine.on(Optional.of(index), "pod-" + index, Optional.of("node-1"), by);
  }

  @Test
  void withoutAReplyThePodOrElseTheKernelTellsWhereAConnectionLanded() {
    ConnectionRow answered = mine(1026, "pod-3", 5);
    assertThat(located(answered, List.of(theirs(1026, "pod-3", 5)), kernel, false))
        .isEqualTo(on(answered, 3, Witness.REPLY).served(5));
    ConnectionRow silent = mine(1026, "", 0);
    assertThat(located(silent, List.of(theirs(1026, "pod-2", 1)), kernel, false))
        .isEqualTo(on(silent, 2, Witness.POD).served(1));
    assertThat(located(silent, List.of(), kernel, false)).isEqualTo(on(silent, 3, Witness.KERNEL));
    assertThat(located(silent, List.of(), Map.of(), false)).isEqualTo(silent);
  }

  /** One local port may serve connections to several pods, each at its own address. */
  @Test
  void straightToThePodsTheAddressTellsWhichCountIsMeant() {
    ConnectionRow silent = to("10.244.1.2", mine(1026, "", 0));
    List<EchoCount> echo = List.of(theirs(1026, "pod-1", 9), theirs(1026, "pod-2", 1));
    assertThat(located(silent, echo, Map.of(), true))
        .isEqualTo(on(silent, 2, Witness.POD).served(1));
    Map<End, Answer> table =
        Map.of(
            new End(CLIENT, 1026, "pod-1"), new Answer("pod-1", 1026, true),
            new End(CLIENT, 1026, "pod-2"), new Answer("pod-2", 1026, true));
    assertThat(located(silent, List.of(), table, true)).isEqualTo(on(silent, 2, Witness.KERNEL));
    assertThat(located(silent, List.of(theirs(1026, "pod-1", 9)), Map.of(), true))
        .isEqualTo(silent);
  }

  private static ConnectionRow to(String address, ConnectionRow c) {
    return LikeRow.of(c).to(address, 8080).row();
  }

  /**
   * From a client by way of a proxy to two pods: the second leg has the proxy's own connections.
   */
  private static List<DisagreementRow> byWayOfAProxy(boolean pinned, long toFirst, long toSecond) {
    Leg in =
        new Leg(
            List.of(mine(1026, "pod-3", 12)),
            List.of(
                new EchoCount("proxy-1", "node-1", CLIENT, 1026, "http1", 12, Optional.empty())),
            Optional.empty(),
            Set.of(),
            Double.NEGATIVE_INFINITY,
            false,
            pinned,
            1);
    Leg out =
        new Leg(
            List.of(ofProxy(2001, "pod-3", toFirst), ofProxy(2002, "pod-1", toSecond)),
            List.of(ofProxyAt(2001, "pod-3", toFirst), ofProxyAt(2002, "pod-1", toSecond)),
            Optional.empty(),
            Set.of(),
            Double.NEGATIVE_INFINITY,
            true,
            true,
            1);
    return CrossCheck.compare(
            new Witnesses(AT, List.of(in, out), Set.of(), Set.of(), Set.of(), Set.of(), PODS))
        .disagreements();
  }

  private static ConnectionRow ofProxy(int port, String pod, long requests) {
    return LikeRow.of(mine(port, pod, requests))
        .from("proxy-1", "10.244.201.1", port)
        .to("10.244.1." + pod.charAt(pod.length() - 1), 8080)
        .strayed(0)
        .row();
  }

  private static EchoCount ofProxyAt(int port, String pod, long requests) {
    return new EchoCount(pod, "node-1", "10.244.201.1", port, "http1", requests, Optional.empty());
  }

  @Test
  void whatAProxyAsksOfSeveralPodsIsNoFaultOfItsClientsConnection() {
    assertThat(byWayOfAProxy(false, 5, 7)).isEmpty();
    assertThat(byWayOfAProxy(true, 5, 7))
        .extracting(DisagreementRow::differences)
        .containsExactly(List.of(Difference.POD));
  }

  /** As many as had no answer may be missing, and no more. */
  @Test
  void asManyRequestsLeaveAProxyAsComeToIt() {
    assertThat(byWayOfAProxy(false, 5, 6)).isEmpty();
    assertThat(byWayOfAProxy(false, 5, 5))
        .extracting(
            DisagreementRow::localAddress,
            d -> d.ledgerRequestsCount().orElseThrow(),
            d -> d.echoRequestsCount().orElseThrow(),
            DisagreementRow::differences)
        .containsExactly(tuple("proxy-1", 10L, 12L, List.of(Difference.REQUESTS)));
  }
}
