package dev.conntrail.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.conntrail.Privileged;
import dev.conntrail.agent.TimerPlan;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Target;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.testbed.Abilities;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.TestbedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static final Abilities ALL = new Abilities(true, true, true, 2);

  @Test
  @Privileged
  void everyLoadGivesEveryFigureAndNothingIsLeft() {
    List<String> said = new ArrayList<>();
    List<KernelRow> rows =
        Calibration.run(
            "ct0a1b2c",
            List.of(
                new CalibrationPlan.Point(Lookup.NFTABLES, 50),
                new CalibrationPlan.Point(Lookup.IPTABLES_LEGACY, 1),
                new CalibrationPlan.Point(Lookup.IPTABLES_NFT, 50),
                new CalibrationPlan.Point(Lookup.NFTABLES_1_37, 50)),
            new CalibrationPlan.Effort(2, 40),
            said::add);
    assertThat(said)
        .containsExactly(
            "calibrate: load 1 of 4: nftables, 50 Services",
            "calibrate: load 2 of 4: iptables-legacy, 1 Service",
            "calibrate: load 3 of 4: iptables-nft, 50 Services",
            "calibrate: load 4 of 4: nftables-1.37, 50 Services");
    // five targets of a first packet, four of an open connection, each in two rounds
    assertThat(rows).hasSize(4 * 2 * (5 + 4));
    assertThat(rows)
        .allSatisfy(row -> {
          KernelRow.CallTimes times = row.times();
          assertThat(row.run()).isEqualTo("ct0a1b2c");
          assertThat(row.samplesCount()).isEqualTo(40);
          assertThat(times.minNs()).isPositive().isLessThanOrEqualTo(times.p25Ns());
          assertThat(times.p25Ns()).isLessThanOrEqualTo(times.p50Ns());
          assertThat(times.clockNs()).isPositive();
          assertThat(row.round()).isBetween(1, 2);
          assertThat(row.rules().endpointsCount()).isEqualTo(3);
          assertThat(row.beside().otherCpuPct()).isBetween(0.0, 100.0);
          assertThat(row.beside().stealPct()).isBetween(0.0, 100.0);
        });
    assertThat(rows)
        .filteredOn(r -> r.target() == Target.FIRST)
        .allSatisfy(r -> assertThat(r.times().pairedP50Ns()).isZero());
    assertThat(targets(rows, Packet.FIRST))
        .containsExactlyInAnyOrder(
            Target.FIRST, Target.LAST, Target.ANY, Target.FIRST_AGAIN, Target.POD);
    assertThat(targets(rows, Packet.ESTABLISHED))
        .containsExactlyInAnyOrder(Target.FIRST, Target.LAST, Target.FIRST_AGAIN, Target.POD);
    assertThat(rows)
        .filteredOn(r -> r.load() == 3)
        .isNotEmpty()
        .allSatisfy(r ->
            assertThat(r.rules())
                .isEqualTo(
                    new KernelRow.Rules(
                        DataPlane.IPTABLES,
                        Optional.of(IptablesBackend.NFT),
                        Optional.empty(),
                        Optional.empty(),
                        50,
                        3)));
    assertThat(rows.stream().map(r -> r.rules().lookup()).distinct())
        .containsExactly(
            Lookup.NFTABLES, Lookup.IPTABLES_LEGACY, Lookup.IPTABLES_NFT, Lookup.NFTABLES_1_37);
    assertThat(TestbedRegistry.all()).noneMatch(e -> e.pid() == ProcessHandle.current().pid());
  }

  private static Set<Target> targets(List<KernelRow> rows, Packet packet) {
    return rows.stream()
        .filter(r -> r.packet() == packet)
        .map(KernelRow::target)
        .collect(Collectors.toSet());
  }

  /** What a timer cannot do it says, and goes on. */
  @Test
  @Privileged
  void aTimerAnswersErrorsAndGoesOn() {
    TimerPlan wrong =
        new TimerPlan(
            1,
            0,
            "/run/netns/no-such-namespace",
            List.of(),
            List.of(new TimerPlan.Aim(Target.FIRST, List.of("10.0.0.1"), 80)),
            1,
            1,
            0);
    try (TimerProcess timer = TimerProcess.start()) {
      for (int i = 0; i < 2; i++) {
        assertThatExceptionOfType(TestbedException.class)
            .isThrownBy(() -> timer.time(wrong))
            .withMessageContaining("the timer: cannot open namespace");
      }
    }
  }

  @Test
  void onlySomeDataPlanes() {
    CalibrationPlan all = CalibrationPlan.Profile.QUICK.plan(ALL);
    assertThat(all.only(Set.of())).isEqualTo(all);
    assertThat(all.only(Set.of(DataPlane.IPVS)).points())
        .hasSize(5)
        .allMatch(p -> p.lookup() == Lookup.IPVS);
    assertThat(all.only(Set.of(DataPlane.IPVS)).effort()).isEqualTo(all.effort());
    assertThat(CalibrationPlan.Profile.QUICK.plan(new Abilities(false, true, true, 1)).points())
        .extracting(CalibrationPlan.Point::lookup)
        .containsOnly(Lookup.IPTABLES_LEGACY, Lookup.IPVS);
  }

  @Test
  void everyProfileGivesAVerdictWhatItTakes() {
    for (CalibrationPlan.Profile profile : CalibrationPlan.Profile.values()) {
      CalibrationPlan plan = profile.plan(ALL);
      assertThat(CalibrationPlan.Profile.of(profile.word())).isEqualTo(profile);
      assertThat(plan.loads()).isGreaterThanOrEqualTo(2);
      assertThat(
              plan.points().stream()
                  .collect(
                      Collectors.groupingBy(CalibrationPlan.Point::lookup, Collectors.counting())))
          .hasSize(5)
          .allSatisfy((_, n) -> assertThat(n).isGreaterThanOrEqualTo(5));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CalibrationPlan.Profile.of("fast"))
        .withMessageContaining("--profile: found fast; allowed: quick, default, full");
  }

  /** A ratio takes the same numbers of Services on both sides. */
  @Test
  void whatTheBenchmarksMeasureIsMeasuredToo() throws IOException {
    Properties services = new Properties();
    try (var in =
        Files.newBufferedReader(Path.of("src/test/resources/golden/jmh/services.properties"))) {
      services.load(in);
    }
    assertThat(services).hasSize(2);
    services.forEach((lookup, numbers) ->
        assertThat(
                CalibrationPlan.Profile.DEFAULT.plan(ALL).points().stream()
                    .filter(p -> p.lookup().word().equals(lookup))
                    .map(p -> Integer.toString(p.services()))
                    .collect(Collectors.joining(",")))
            .as("%s", lookup)
            .isEqualTo(numbers));
  }

  @Test
  void pointsOfACommandLine() {
    for (CalibrationPlan.Point point : CalibrationPlan.Profile.FULL.plan(ALL).points()) {
      assertThat(CalibrationPlan.Point.parse(point.word())).isEqualTo(point);
    }
    for (String wrong : List.of("", "ipvs", "ipvs:", "ipvs:0", "ipvs:x", "ipvs:1:2", "pf:1")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CalibrationPlan.Point.parse(wrong))
          .withMessage("--loads: found '%s'; allowed: ipvs:1000 and the like", wrong);
    }
  }
}
