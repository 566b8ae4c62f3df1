package dev.conntrail.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.conntrail.Privileged;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Rows;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.testbed.Abilities;
import dev.conntrail.testbed.TestbedRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {
  private static final CalibrationPlan SMALL =
      new CalibrationPlan(
          List.of(
              new CalibrationPlan.Point(DataPlane.IPTABLES, IptablesBackend.LEGACY, 1),
              new CalibrationPlan.Point(DataPlane.IPTABLES, IptablesBackend.NFT, 50),
              new CalibrationPlan.Point(DataPlane.NFTABLES, IptablesBackend.AUTO, 50)),
          2,
          40);

  @Test
  @Privileged
  void everyPointGivesEveryFigureAndNothingIsLeft() {
    List<String> said = new ArrayList<>();
    List<Rows.Kernel> rows = Calibration.run(SMALL, said::add);
    assertThat(said)
        .containsExactly(
            "iptables-legacy, 1 Services", "iptables-nft, 50 Services", "nftables, 50 Services");
    assertThat(rows).hasSize(3 * 2 * 2 * 4);
    assertThat(rows)
        .allSatisfy(row -> {
          assertThat(row.samplesCount()).isEqualTo(40);
          assertThat(row.minNs()).isPositive();
          assertThat(row.minNs()).isLessThanOrEqualTo(row.p25Ns());
          assertThat(row.p25Ns()).isLessThanOrEqualTo(row.p50Ns());
          assertThat(row.packet()).isIn("first", "established");
          assertThat(row.round()).isBetween(1, 2);
        });
    assertThat(rows)
        .filteredOn(r -> r.target().equals("first"))
        .allSatisfy(r -> assertThat(r.pairedP50Ns()).isZero());
    assertThat(rows)
        .extracting(Rows.Kernel::target)
        .contains("first", "last", "first-again", "pod");
    assertThat(rows).extracting(Rows.Kernel::backend).contains("legacy", "nft", "NA");
    assertThat(TestbedRegistry.all()).noneMatch(e -> e.pid() == ProcessHandle.current().pid());
  }

  /** What is measured again replaces what was; the rest stays. */
  @Test
  void rowsOfAnotherKernelOrModeStay(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("kernel.csv");
    Calibration.write(file, List.of(row("netns", "iptables", 1), row("uml", "iptables", 2)));
    Calibration.write(file, List.of(row("uml", "ipvs", 3)));
    Calibration.write(file, List.of(row("uml", "iptables", 4)));
    assertThat(Csv.read(file, Rows.Kernel.class))
        .extracting(Rows.Kernel::testbed, Rows.Kernel::dataPlane, Rows.Kernel::pairedP50Ns)
        .containsExactlyInAnyOrder(
            tuple("netns", "iptables", 1.0),
            tuple("uml", "ipvs", 3.0),
            tuple("uml", "iptables", 4.0));
  }

  private static Rows.Kernel row(String testbed, String plane, double ns) {
    return new Rows.Kernel(testbed, plane, "NA", 1, 1, "first", "last", 1, 1, 1, 1, ns);
  }

  @Test
  void onlySomeDataPlanes() {
    CalibrationPlan all = CalibrationPlan.Profile.QUICK.plan(new Abilities(true, true, true, 2));
    assertThat(all.only(Set.of())).isEqualTo(all);
    assertThat(all.only(Set.of(DataPlane.IPVS)).points())
        .isNotEmpty()
        .allMatch(p -> p.plane() == DataPlane.IPVS);
    assertThat(all.only(Set.of(DataPlane.IPVS)).rounds()).isEqualTo(all.rounds());
  }

  @Test
  void profilesByTheirWords() {
    Abilities all = new Abilities(true, true, true, 2);
    assertThat(CalibrationPlan.Profile.of("quick").plan(all).points())
        .extracting(CalibrationPlan.Point::plane)
        .containsOnly(DataPlane.IPTABLES, DataPlane.NFTABLES, DataPlane.IPVS);
    assertThat(CalibrationPlan.Profile.of("full").plan(all).points())
        .extracting(CalibrationPlan.Point::services)
        .contains(30_000);
    assertThat(
            CalibrationPlan.Profile.of("quick").plan(new Abilities(false, true, true, 1)).points())
        .extracting(CalibrationPlan.Point::title)
        .allMatch(t -> t.startsWith("iptables-legacy") || t.startsWith("ipvs"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CalibrationPlan.Profile.of("fast"))
        .withMessageContaining("--profile: found fast; allowed: quick, default, full");
  }
}
