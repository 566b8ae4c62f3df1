package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.result.AbManifest;
import dev.conntrail.result.Json;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Side;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two sides measured in turns on the real kernel. */
@Privileged
class NetnsAbTest {
  private static final String FIVE_PODS =
      """
      experiment: five
      testbed: netns
      phases: {warmup: 0s, measure: 200ms, drain: 20s}
      matrix:
        - data-plane: iptables
          iptables-backend: legacy
          protocol: http1
          connections: 200
          pods: 5
          rate: 200
      """;

  @TempDir private Path results;

  /** 0.2 for each of five pods, without the falling denominators, on side b alone. */
  @Test
  void rulesOfOneSideAreEditedAndTheOtherIsAsItWas() throws IOException {
    String edit = "probability 0\\.\\d+=>probability 0.2000000000";
    AbRun.Ended ended =
        AbRun.run(
            Runs.ab(results, FIVE_PODS, FIVE_PODS, edit, Duration.ofSeconds(1)),
            (_, _) -> false,
            new Runs.Quiet(),
            new Cancellation());
    assertThat(ended.failures()).isEmpty();
    assertThat(ended.blocks()).hasSize(8).allMatch(b -> b.rows().size() == 2);
    RunFolder a = ended.folder().side(Side.A);
    RunFolder b = ended.folder().side(Side.B);
    for (RunFolder side : List.of(a, b)) {
      assertThat(side.rows(Tables.CELLS))
          .extracting(c -> c.dataPlane())
          .as("a control was added")
          .containsExactly(DataPlane.IPTABLES, DataPlane.DIRECT);
      assertThat(side.rows(Tables.SUMMARY))
          .hasSize(16)
          .allMatch(s -> s.crossCheck().outcome() == Agreement.AGREE);
      assertThat(side.rows(Tables.CLOCKS)).isNotEmpty();
    }
    assertThat(verdict(a)).isEqualTo(Verdict.CONSISTENT);
    assertThat(verdict(b)).isEqualTo(Verdict.NOT_CHANCE);
    assertThat(rules(a)).hasSize(1).doesNotContainAnyElementsOf(rules(b));
    assertThat(Json.read(a.manifest(), Manifest.class).rulesEdit()).isEmpty();
    assertThat(Json.read(b.manifest(), Manifest.class).rulesEdit()).isEqualTo(edit);
    AbManifest ab = Json.read(ended.folder().manifest(), AbManifest.class);
    assertThat(ab.differs()).isEqualTo("rules of side b edited: " + edit);
    assertThat(ab.looks()).containsExactly(new AbManifest.Look(8, false));
    assertThat(Programs.run(List.of("ip", "netns", "list"), "", Programs.SHORT))
        .doesNotContain(ab.run());
  }

  private static Verdict verdict(RunFolder side) throws IOException {
    return Runs.verdicts(side).stream()
        .filter(v -> v.verdict() != Verdict.BY_DESIGN)
        .map(VerdictRow::verdict)
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> rules(RunFolder side) throws IOException {
    return side.rows(Tables.INSTALLS).stream()
        .filter(i -> i.rulesCount() > 0)
        .map(InstallRow::rulesSha256)
        .collect(Collectors.toSet());
  }
}
