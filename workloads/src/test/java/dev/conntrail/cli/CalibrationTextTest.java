package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.TestRows;
import dev.conntrail.result.row.Doubt;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import dev.conntrail.result.row.Trend;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CalibrationTextTest {
  private static final int COLUMNS = 80;

  private static GrowthRow row(
      Source source, Lookup lookup, Target target, double ns, Trend trend, Optional<Doubt> doubt) {
    return TestRows.growth(source, lookup, Packet.FIRST, target, ns, trend, doubt);
  }

  @Test
  void aTableWithItsVerdictsAndWhatRanBeside() {
    List<String> lines =
        CalibrationText.of(
            List.of(
                row(Source.MODEL, Lookup.IPVS, Target.LAST, 3, Trend.LINEAR, Optional.empty()),
                row(
                    Source.KERNEL,
                    Lookup.IPTABLES_LEGACY,
                    Target.LAST,
                    5.89,
                    Trend.LINEAR,
                    Optional.empty()),
                row(
                    Source.KERNEL,
                    Lookup.NFTABLES,
                    Target.ANY,
                    0.02,
                    Trend.CANNOT_TELL,
                    Optional.of(Doubt.DISTURBED))),
            List.of(TestRows.kernel(Lookup.IPTABLES_LEGACY, 1, 1, Target.LAST, 1, 1), load(2)));
    assertThat(lines)
        .containsExactly(
            "",
            "first packet    in this kernel   ns a Service (95 %)       verdict",
            "iptables-legacy to the last      5.89 (5.88 to 5.90)       linear",
            "nftables        to any           0.02 (0.01 to 0.03)       cannot tell: CPU",
            "",
            "beside the 2 loads of rules others had 1 to 50 % of the CPUs;",
            "1 was disturbed, and does not count where enough others are there");
  }

  private static KernelRow load(int load) {
    return TestRows.kernel(
        TestbedKind.NETNS, Lookup.NFTABLES, 1, load, Packet.FIRST, Target.ANY, 1, 1, TestRows.BUSY);
  }

  @Test
  void nothingIsWiderThanATerminal() {
    List<GrowthRow> rows = new ArrayList<>();
    for (Lookup lookup : Lookup.values()) {
      for (Target target : Target.values()) {
        for (Trend trend : Trend.values()) {
          for (double ns : new double[] {-131.25, -0.001, 31.25, 4321.5}) {
            if (trend != Trend.CANNOT_TELL) {
              rows.add(row(Source.GUEST_KERNEL, lookup, target, ns, trend, Optional.empty()));
            }
          }
        }
        for (Doubt doubt : Doubt.values()) {
          rows.add(
              row(Source.KERNEL, lookup, target, -131.25, Trend.CANNOT_TELL, Optional.of(doubt)));
        }
      }
    }
    assertThat(CalibrationText.of(rows, List.of(load(1))))
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(COLUMNS));
  }
}
