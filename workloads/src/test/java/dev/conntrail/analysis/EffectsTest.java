package dev.conntrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.Death;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.IntervalRow;
import dev.conntrail.result.row.Witness;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.ExperimentReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What became of connections, from ledgers made up for it. */
class EffectsTest {
  private static final Cell CELL =
      ExperimentReader.parse(
              "f.yaml",
              """
              experiment: x
              matrix:
                - pods: 3
                  phases: {warmup: 100ms, idle: 900ms, measure: 2s}
                  events: [{at: 500ms, remove-endpoints: 1}, {at: 1s, add-endpoints: 1}]
              """)
          .cells()
          .getFirst();
  private static final At AT = new At("ct0a1b2c", CELL.id(), 1);

  private static ConnectionRow connection(
      int port, String pod, double born, double died, double lastReply, Death death) {
    return connection(port, pod, born, died, lastReply, death, 1);
  }

  private static ConnectionRow connection(
      int port,
      String pod,
      double born,
      double died,
      double lastReply,
      Death death,
      double connectNs) {
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
        Optional.of(pod),
        Optional.of("node-1"),
        Optional.of(Witness.REPLY),
        born,
        connectNs,
        died - born,
        lastReply,
        lastReply - 2,
        death,
        1,
        1,
        0,
        Optional.empty());
  }

  private static EventRow change(EventKind what, double begun, String pod, int endpoints) {
    EventStep step = what == EventKind.ADD_ENDPOINTS ? EventStep.JOINED : EventStep.LEFT;
    return new EventRow(AT, what, step, 1, begun, begun, begun + 10, List.of(pod), endpoints);
  }

  private static List<EffectRow> effects(
      List<EventRow> changes, List<ConnectionRow> ledger, List<IntervalRow> intervals) {
    return Effects.of(CELL, changes, new Effects.Seen(AT, ledger, intervals));
  }

  /** What the removal of pod-3, from 1500 to 1510 ms, did. */
  private static EffectRow removal(ConnectionRow... ledger) {
    return effects(
            List.of(change(EventKind.REMOVE_ENDPOINTS, 1500, "pod-3", 2)),
            List.of(ledger),
            List.of())
        .get(1);
  }

  private static final IntervalRow.Response ANSWERED =
      new IntervalRow.Response(Optional.of(0L), 100, 1, 1, 1);

  private static IntervalRow interval(double start, long errors) {
    return new IntervalRow(AT, "client-1", start, 1000, 10, errors, ANSWERED, 1, 1);
  }

  @Test
  void idlenessKeepsResetsClosesOrSilences() {
    EffectRow idle =
        effects(
                List.of(),
                List.of(
                    connection(1, "pod-1", -5, 3000, 2900, Death.CLIENT),
                    connection(2, "pod-1", -5, 1200, 50, Death.RESET),
                    connection(3, "pod-2", -5, 1400, 50, Death.RESET),
                    connection(4, "pod-2", -5, 700, 50, Death.PEER_FIN),
                    connection(5, "pod-3", -5, 3000, 50, Death.CLIENT),
                    connection(6, "pod-3", 1250, 3000, 2900, Death.CLIENT),
                    connection(7, "pod-3", -5, 80, 50, Death.CLIENT)),
                List.of())
            .getFirst();
    assertThat(idle.cause()).isEqualTo(Cause.IDLE);
    assertThat(idle.fromMs()).isEqualTo(100);
    assertThat(idle.toMs()).isEqualTo(1000);
    assertThat(idle.open().count()).isEqualTo(5);
    assertThat(idle.open().keptCount()).isEqualTo(1);
    assertThat(idle.open().resetCount()).isEqualTo(2);
    assertThat(idle.open().closedCount()).isEqualTo(1);
    assertThat(idle.open().unansweredCount()).isEqualTo(1);
    assertThat(idle.opened().count()).isEqualTo(1);
    assertThat(idle.noticeP50Ms()).isEqualTo(1100);
    assertThat(idle.noticeMaxMs()).isEqualTo(1300);
  }

  /** Of what had ended before it, and where no pod says what it served, nothing is known. */
  @Test
  void whatPodsServedAndNoClientHeardIsCounted() {
    ConnectionRow one = connection(1, "pod-3", -5, 1600, 1400, Death.RESET);
    ConnectionRow before = connection(2, "pod-3", -5, 1400, 1300, Death.RESET);
    ConnectionRow later = connection(3, "pod-1", 1700, 3000, 2900, Death.CLIENT);
    assertThat(removal(one, before.served(9), later).unheardCount()).isEmpty();
    assertThat(removal(one.served(3), before.served(9), later).unheardCount()).hasValue(2L);
    assertThat(removal(one.served(3), before, later.served(2)).unheardCount()).hasValue(3L);
    assertThat(removal(one.served(0), later.served(1)).unheardCount()).hasValue(0L);
  }

  @Test
  void aRemovalIsSeenFromThePodsThatLeft() {
    List<EffectRow> effects =
        effects(
            List.of(
                change(EventKind.REMOVE_ENDPOINTS, 1500, "pod-3", 2),
                change(EventKind.ADD_ENDPOINTS, 2000, "pod-3", 3)),
            List.of(
                connection(1, "pod-3", -5, 3000, 2900, Death.CLIENT),
                connection(2, "pod-3", -5, 1600, 1400, Death.RESET),
                connection(3, "pod-1", -5, 3000, 2900, Death.CLIENT),
                // its last reply came after the change and answers what was sent before
                connection(7, "pod-3", -5, 3000, 1511, Death.CLIENT),
                connection(4, "pod-3", 1600, 1700, 1650, Death.CLIENT),
                connection(5, "pod-2", 1600, 1700, 1650, Death.CLIENT),
                connection(6, "pod-3", 2100, 2200, 2150, Death.CLIENT)),
            List.of(interval(0, 0), interval(1000, 3), interval(2000, 4)));
    assertThat(effects)
        .extracting(EffectRow::cause)
        .containsExactly(
            Cause.IDLE, Cause.of(EventKind.REMOVE_ENDPOINTS), Cause.of(EventKind.ADD_ENDPOINTS));
    EffectRow removal = effects.get(1);
    assertThat(removal.open().count()).isEqualTo(4);
    assertThat(removal.leaving().count()).isEqualTo(3);
    assertThat(removal.leaving().keptCount()).isEqualTo(1);
    assertThat(removal.opened().count()).as("until the next event").isEqualTo(2);
    assertThat(removal.opened().toRemovedCount()).isEqualTo(1);
    assertThat(removal.failuresCount()).isEqualTo(3);
    EffectRow addition = effects.get(2);
    assertThat(addition.failuresCount()).isEqualTo(4);
    assertThat(addition.opened().count()).isEqualTo(1);
    assertThat(addition.opened().toAddedCount()).isEqualTo(1);
    assertThat(addition.leaving().count()).isZero();
  }

  /** Ports 1 and 2 come again; port 3's pod has left; port 4 is new. */
  @Test
  void movedIsWhoCameToAnotherPodAlthoughHisIsStillThere() {
    EffectRow removal =
        removal(
            connection(1, "pod-2", 1000, 1010, 1005, Death.CLIENT),
            connection(1, "pod-1", 1100, 1110, 1105, Death.CLIENT),
            connection(2, "pod-2", 1200, 1210, 1205, Death.CLIENT),
            connection(3, "pod-3", 1300, 1310, 1305, Death.CLIENT),
            connection(1, "pod-1", 1600, 1610, 1605, Death.CLIENT),
            connection(2, "pod-1", 1700, 1710, 1705, Death.CLIENT),
            connection(3, "pod-1", 1800, 1810, 1805, Death.CLIENT),
            connection(4, "pod-1", 1900, 1910, 1905, Death.CLIENT));
    assertThat(removal.ports().againCount()).isEqualTo(2);
    assertThat(removal.ports().movedCount()).isEqualTo(1);
  }

  /**
   * A pod is chosen by the first packet: whoever sent it before the end of the change is not new.
   */
  @Test
  void newIsWhoBeganToConnectAfterTheChange() {
    EffectRow removal =
        removal(
            connection(1, "pod-2", 1400, 1410, 1405, Death.CLIENT),
            connection(1, "pod-3", 1512, 1520, 1515, Death.CLIENT, 10e6),
            connection(2, "pod-1", 1512, 1520, 1515, Death.CLIENT, 1e6));
    assertThat(removal.opened().count()).isEqualTo(1);
    assertThat(removal.opened().toRemovedCount()).isZero();
    assertThat(removal.ports().againCount()).isZero();
  }

  /** Whether it would have done more is not known. */
  @Test
  void whatWasCutShortIsNoCause() {
    EventRow removal = change(EventKind.REMOVE_ENDPOINTS, 1500, "pod-3", 2);
    EventRow end =
        new EventRow(AT, removal.event(), EventStep.CUT_SHORT, 0, 1500, 9000, 9000, List.of(), 2);
    assertThat(effects(List.of(removal), List.of(), List.of())).hasSize(2);
    assertThat(effects(List.of(removal, end), List.of(), List.of()))
        .extracting(EffectRow::cause)
        .containsExactly(Cause.IDLE);
  }
}
