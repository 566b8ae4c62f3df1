package dev.conntrail.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.conntrail.result.TestRows;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.OtherWork;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Target;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is measured, in which order, and what again: with a kernel that is told what to answer. */
class CampaignTest {
  private static final CalibrationPlan PLAN =
      new CalibrationPlan(
          Stream.of(Lookup.NFTABLES, Lookup.IPTABLES_LEGACY)
              .flatMap(l ->
                  Stream.of(1, 500, 1000, 1500, 2000).map(s -> new CalibrationPlan.Point(l, s)))
              .toList(),
          2,
          new CalibrationPlan.Effort(1, 1));

  private final List<List<CalibrationPlan.Point>> asked = new ArrayList<>();

  /** What ran beside the n-th load of all. */
  private List<KernelRow> run(Function<Integer, OtherWork> beside) throws IOException {
    return run(beside, _ -> 0.0);
  }

  private List<KernelRow> run(Function<Integer, OtherWork> beside, Function<Integer, Double> off)
      throws IOException {
    int[] number = {0};
    return Campaign.run(
        PLAN,
        loads -> {
          asked.add(loads);
          List<KernelRow> rows = new ArrayList<>();
          for (CalibrationPlan.Point point : loads) {
            int n = ++number[0];
            double more = point.lookup().walked() ? 6.0 * point.services() : 0;
            rows.add(
                TestRows.kernel(
                    TestbedKind.NETNS,
                    point.lookup(),
                    point.services(),
                    rows.size() + 1,
                    Packet.FIRST,
                    Target.LAST,
                    25_000 + more,
                    more + 10 * (n % 3) + off.apply(n),
                    beside.apply(n)));
          }
          return rows;
        },
        new Random(7));
  }

  @Test
  void everyPointOnceARoundInAnOrderThatIsDrawn() throws IOException {
    List<KernelRow> rows = run(_ -> TestRows.QUIET);
    assertThat(asked).hasSize(1);
    List<CalibrationPlan.Point> order = asked.getFirst();
    assertThat(order.subList(0, 10)).containsExactlyInAnyOrderElementsOf(PLAN.points());
    assertThat(order.subList(10, 20)).containsExactlyInAnyOrderElementsOf(PLAN.points());
    assertThat(order.subList(0, 10))
        .isNotEqualTo(order.subList(10, 20))
        .isNotEqualTo(PLAN.points());
    assertThat(rows).extracting(KernelRow::load).doesNotHaveDuplicates().hasSize(20);
  }

  @Test
  void whatWasDisturbedIsMeasuredAgainAndKept() throws IOException {
    List<KernelRow> rows = run(n -> n == 4 || n == 9 ? TestRows.BUSY : TestRows.QUIET);
    assertThat(asked).hasSize(2);
    assertThat(asked.getLast())
        .containsExactlyInAnyOrder(asked.getFirst().get(3), asked.getFirst().get(8));
    assertThat(rows).extracting(KernelRow::load).doesNotHaveDuplicates().hasSize(22);
    assertThat(rows).filteredOn(r -> r.beside().disturbed()).hasSize(2);
  }

  /** On a busy machine all is disturbed for ever: half as many loads again, and no more. */
  @Test
  void againIsBounded() throws IOException {
    List<KernelRow> rows = run(_ -> TestRows.BUSY);
    assertThat(rows).hasSize(30);
    assertThat(asked).extracting(List::size).containsExactly(20, 10);
  }

  /** Two loads of a point differ by 20 µs: its data plane is measured again, the other is not. */
  @Test
  void whatScattersIsMeasuredAgain() throws IOException {
    int[] first = {-1};
    run(
        _ -> TestRows.QUIET,
        n -> {
          CalibrationPlan.Point point = asked.getLast().get(n - 1 < 20 ? n - 1 : 0);
          boolean hit = n <= 20 && point.lookup() == Lookup.NFTABLES && first[0] < 0;
          first[0] = hit ? n : first[0];
          return hit ? 20_000.0 : 0.0;
        });
    assertThat(asked.get(1))
        .hasSize(5)
        .allMatch(p -> p.lookup() == Lookup.NFTABLES)
        .isNotEqualTo(
            PLAN.points().stream()
                .filter(p -> p.lookup() == Lookup.NFTABLES)
                .sorted(Comparator.comparingInt(CalibrationPlan.Point::services))
                .toList());
  }

  /** What is measured again replaces what was; the rest stays. */
  @Test
  void rowsOfAnotherKernelOrModeStay() {
    List<KernelRow> there =
        Campaign.beside(
            List.of(row(TestbedKind.UML, Lookup.IPVS, 3)),
            List.of(
                row(TestbedKind.NETNS, Lookup.IPTABLES_NFT, 1),
                row(TestbedKind.UML, Lookup.IPTABLES_LEGACY, 2)));
    assertThat(Campaign.beside(List.of(row(TestbedKind.UML, Lookup.IPTABLES_LEGACY, 4)), there))
        .extracting(KernelRow::testbed, r -> r.rules().lookup(), r -> r.times().pairedP50Ns())
        .containsExactlyInAnyOrder(
            tuple(TestbedKind.NETNS, Lookup.IPTABLES_NFT, 1.0),
            tuple(TestbedKind.UML, Lookup.IPVS, 3.0),
            tuple(TestbedKind.UML, Lookup.IPTABLES_LEGACY, 4.0));
  }

  private static KernelRow row(TestbedKind testbed, Lookup lookup, double ns) {
    return TestRows.kernel(testbed, lookup, 1, 1, Packet.FIRST, Target.LAST, 1, ns, TestRows.QUIET);
  }
}
