package dev.conntrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.Rows;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ExperimentReader;
import java.util.List;
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

  private static Rows.Connection connection(
      int port, String pod, double born, double died, double lastReply, String death) {
    return connection(port, pod, born, died, lastReply, death, 1);
  }

  private static Rows.Connection connection(
      int port,
      String pod,
      double born,
      double died,
      double lastReply,
      String death,
      double connectNs) {
    return new Rows.Connection(
        CELL.id(),
        1,
        "client-1",
        "node-1",
        port,
        "10.244.200.1",
        port,
        "10.96.0.10",
        80,
        pod,
        "node-1",
        born,
        connectNs,
        died - born,
        lastReply,
        lastReply - 2,
        death,
        1,
        1,
        0);
  }

  private static Rows.Change change(String what, double begun, String pods, int endpoints) {
    return new Rows.Change(
        CELL.id(), 1, what, pods.split(";").length, begun, begun, begun + 10, pods, endpoints);
  }

  /** What the removal of pod-3, from 1500 to 1510 ms, did. */
  private static Rows.Effect removal(Rows.Connection... ledger) {
    return Effects.of(
            CELL,
            1,
            List.of(change("remove-endpoints", 1500, "pod-3", 2)),
            List.of(ledger),
            List.of())
        .get(1);
  }

  private static Rows.Interval interval(double start, long errors) {
    return new Rows.Interval("client-1", start, 1000, 10, errors, 1, 1, 1, 1, 1);
  }

  @Test
  void idlenessKeepsResetsClosesOrSilences() {
    Rows.Effect idle =
        Effects.of(
                CELL,
                1,
                List.of(),
                List.of(
                    connection(1, "pod-1", -5, 3000, 2900, "client-close"),
                    connection(2, "pod-1", -5, 1200, 50, "reset"),
                    connection(3, "pod-2", -5, 1400, 50, "reset"),
                    connection(4, "pod-2", -5, 700, 50, "peer-fin"),
                    connection(5, "pod-3", -5, 3000, 50, "client-close"),
                    connection(6, "pod-3", 1250, 3000, 2900, "client-close"),
                    connection(7, "pod-3", -5, 80, 50, "client-close")),
                List.of())
            .getFirst();
    assertThat(idle.cause()).isEqualTo("idle");
    assertThat(idle.fromMs()).isEqualTo(100);
    assertThat(idle.toMs()).isEqualTo(1000);
    assertThat(idle.openCount()).isEqualTo(5);
    assertThat(idle.keptCount()).isEqualTo(1);
    assertThat(idle.resetCount()).isEqualTo(2);
    assertThat(idle.closedCount()).isEqualTo(1);
    assertThat(idle.unansweredCount()).isEqualTo(1);
    assertThat(idle.newCount()).isEqualTo(1);
    assertThat(idle.noticeP50Ms()).isEqualTo(1100);
    assertThat(idle.noticeMaxMs()).isEqualTo(1300);
  }

  @Test
  void aRemovalIsSeenFromThePodsThatLeft() {
    List<Rows.Effect> effects =
        Effects.of(
            CELL,
            1,
            List.of(
                change("remove-endpoints", 1500, "pod-3", 2),
                change("add-endpoints", 2000, "pod-3", 3)),
            List.of(
                connection(1, "pod-3", -5, 3000, 2900, "client-close"),
                connection(2, "pod-3", -5, 1600, 1400, "reset"),
                connection(3, "pod-1", -5, 3000, 2900, "client-close"),
                // its last reply came after the change and answers what was sent before
                connection(7, "pod-3", -5, 3000, 1511, "client-close"),
                connection(4, "pod-3", 1600, 1700, 1650, "client-close"),
                connection(5, "pod-2", 1600, 1700, 1650, "client-close"),
                connection(6, "pod-3", 2100, 2200, 2150, "client-close")),
            List.of(interval(0, 0), interval(1000, 3), interval(2000, 4)));
    assertThat(effects)
        .extracting(Rows.Effect::cause)
        .containsExactly("idle", "remove-endpoints", "add-endpoints");
    Rows.Effect removal = effects.get(1);
    assertThat(removal.openCount()).isEqualTo(4);
    assertThat(removal.leavingCount()).isEqualTo(3);
    assertThat(removal.leavingKeptCount()).isEqualTo(1);
    assertThat(removal.newCount()).isEqualTo(3);
    assertThat(removal.newToRemovedCount()).isEqualTo(2);
    assertThat(removal.failedCount()).isEqualTo(7);
    Rows.Effect addition = effects.get(2);
    assertThat(addition.failedCount()).isEqualTo(4);
    assertThat(addition.newCount()).isEqualTo(1);
    assertThat(addition.newToAddedCount()).isEqualTo(1);
    assertThat(addition.leavingCount()).isZero();
  }

  /** Ports 1 and 2 come again; port 3's pod has left; port 4 is new. */
  @Test
  void movedIsWhoCameToAnotherPodAlthoughHisIsStillThere() {
    Rows.Effect removal =
        removal(
            connection(1, "pod-2", 1000, 1010, 1005, "client-close"),
            connection(1, "pod-1", 1100, 1110, 1105, "client-close"),
            connection(2, "pod-2", 1200, 1210, 1205, "client-close"),
            connection(3, "pod-3", 1300, 1310, 1305, "client-close"),
            connection(1, "pod-1", 1600, 1610, 1605, "client-close"),
            connection(2, "pod-1", 1700, 1710, 1705, "client-close"),
            connection(3, "pod-1", 1800, 1810, 1805, "client-close"),
            connection(4, "pod-1", 1900, 1910, 1905, "client-close"));
    assertThat(removal.portsAgainCount()).isEqualTo(2);
    assertThat(removal.portsMovedCount()).isEqualTo(1);
  }

  /**
   * A pod is chosen by the first packet: whoever sent it before the end of the change is not new.
   */
  @Test
  void newIsWhoBeganToConnectAfterTheChange() {
    Rows.Effect removal =
        removal(
            connection(1, "pod-2", 1400, 1410, 1405, "client-close"),
            connection(1, "pod-3", 1512, 1520, 1515, "client-close", 10e6),
            connection(2, "pod-1", 1512, 1520, 1515, "client-close", 1e6));
    assertThat(removal.newCount()).isEqualTo(1);
    assertThat(removal.newToRemovedCount()).isZero();
    assertThat(removal.portsAgainCount()).isZero();
  }
}
