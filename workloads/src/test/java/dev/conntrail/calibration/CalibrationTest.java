package dev.conntrail.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.conntrail.Privileged;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Target;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.Abilities;
import dev.conntrail.testbed.TestbedRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    List<KernelRow> rows = Calibration.run("ct0a1b2c", SMALL, said::add);
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
          assertThat(row.run()).isEqualTo("ct0a1b2c");
          assertThat(row.packet()).isIn(Packet.FIRST, Packet.ESTABLISHED);
          assertThat(row.round()).isBetween(1, 2);
        });
    assertThat(rows)
        .filteredOn(r -> r.target() == Target.FIRST)
        .allSatisfy(r -> assertThat(r.pairedP50Ns()).isZero());
    assertThat(rows)
        .extracting(KernelRow::target)
        .contains(Target.FIRST, Target.LAST, Target.FIRST_AGAIN, Target.POD);
    assertThat(rows)
        .extracting(KernelRow::iptablesBackend)
        .contains(
            Optional.of(IptablesBackend.LEGACY),
            Optional.of(IptablesBackend.NFT),
            Optional.empty());
    assertThat(TestbedRegistry.all()).noneMatch(e -> e.pid() == ProcessHandle.current().pid());
  }

  /** What is measured again replaces what was; the rest stays. */
  @Test
  void rowsOfAnotherKernelOrModeStay(@TempDir Path folder) throws IOException {
    RunFolder files = new RunFolder(folder);
    for (List<KernelRow> measured :
        List.of(
            List.of(
                row(TestbedKind.NETNS, DataPlane.IPTABLES, 1),
                row(TestbedKind.UML, DataPlane.IPTABLES, 2)),
            List.of(row(TestbedKind.UML, DataPlane.IPVS, 3)),
            List.of(row(TestbedKind.UML, DataPlane.IPTABLES, 4)))) {
      files.write(Tables.KERNEL, Calibration.beside(measured, files.rows(Tables.KERNEL)));
    }
    assertThat(files.rows(Tables.KERNEL))
        .extracting(KernelRow::testbed, KernelRow::dataPlane, KernelRow::pairedP50Ns)
        .containsExactlyInAnyOrder(
            tuple(TestbedKind.NETNS, DataPlane.IPTABLES, 1.0),
            tuple(TestbedKind.UML, DataPlane.IPVS, 3.0),
            tuple(TestbedKind.UML, DataPlane.IPTABLES, 4.0));
  }

  private static KernelRow row(TestbedKind testbed, DataPlane plane, double ns) {
    return new KernelRow(
        "ct0a1b2c",
        testbed,
        plane,
        Optional.empty(),
        Optional.empty(),
        1,
        1,
        Packet.FIRST,
        Target.LAST,
        1,
        1,
        1,
        1,
        ns);
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
