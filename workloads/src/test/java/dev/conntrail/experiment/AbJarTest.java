package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.ChildJar;
import dev.conntrail.result.AbFolder;
import dev.conntrail.result.AbManifest;
import dev.conntrail.result.Json;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Side;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.ExperimentYaml;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Side a by another jar: here one whose manifest alone names a main class. */
class AbJarTest {
  private static final String YAML =
      """
      experiment: straight
      testbed: loopback
      repetitions: 3
      phases: {warmup: 0s, measure: 100ms, drain: 1s}
      matrix:
        - connections: 4
          pods: 2
          rate: 200
      """;

  @TempDir private Path folder;
  private Path results;

  @BeforeEach
  void name() {
    results = folder.resolve("results");
  }

  private Path jar(String main) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main);
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            Arrays.stream(ChildJar.OWN.split(":", -1))
                .map(p -> Path.of(p).toUri().toString())
                .collect(Collectors.joining(" ")));
    Path jar = folder.resolve("old.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.finish();
    }
    return jar;
  }

  /** Two blocks, for no verdict is asked for. */
  private AbPlan plan(Path jar) {
    ExperimentYaml yaml = new ExperimentYaml("straight.yaml", YAML);
    AbPlan plan =
        AbPlanning.of(
            new AbPlanning.Asked(
                yaml,
                yaml,
                Optional.empty(),
                "",
                Optional.of(jar),
                2,
                Duration.ofHours(1),
                1.25,
                3),
            (experiment, _) -> Runs.options(results, experiment, ""));
    return new AbPlan(
        plan.a(),
        plan.b(),
        plan.pairs(),
        plan.differs(),
        plan.jar(),
        plan.times(),
        new Looks(List.of(2), Looks.LEVEL),
        plan.block(),
        plan.budget(),
        plan.margin(),
        plan.seed(),
        plan.notes());
  }

  @Test
  void eachBlockIsARunOfEachSide() throws IOException {
    AbRun.Ended ended =
        AbRun.run(
            plan(jar("dev.conntrail.cli.Conntrail")),
            (_, _) -> false,
            new Runs.Quiet(),
            new Cancellation());
    assertThat(ended.failures()).isEmpty();
    assertThat(ended.status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(ended.blocks())
        .hasSize(2)
        .allSatisfy(b ->
            assertThat(b.rows())
                .singleElement()
                .satisfies(r -> assertThat(r.a().at().cellId()).isEqualTo(r.cells().a().id())));
    AbFolder ab = ended.folder();
    for (Side side : Side.values()) {
      assertThat(ab.side(side).path().toFile().list())
          .containsExactlyInAnyOrder("block-01", "block-02", "experiment.yaml");
      RunResults block = RunResults.read(ab.block(side, 2));
      assertThat(block.lacks()).isEmpty();
      assertThat(block.measured())
          .singleElement()
          .satisfies(c -> assertThat(c.repetitions()).hasSize(1));
    }
    AbManifest manifest = Json.read(ab.manifest(), AbManifest.class);
    assertThat(manifest.sides().getFirst().jar()).hasValue("old.jar");
    assertThat(manifest.blocks()).hasSize(2).allMatch(b -> b.order().size() == 2);
  }

  @Test
  void aJarThatDoesNotUnderstandTheExperimentIsNamedWithWhatItSaid() throws IOException {
    Path jar = jar(Refuses.class.getName());
    assertThatThrownBy(
            () -> AbRun.run(plan(jar), (_, _) -> false, new Runs.Quiet(), new Cancellation()))
        .isInstanceOf(TestbedException.class)
        .hasMessage(
            "side a cannot run this experiment: matrix: found an unknown key; mend: one that the older jar understands");
    assertThat(results).isDirectoryNotContaining(p -> p.toString().contains("_ab_"));
  }

  /** Of an older version. */
  static final class Refuses {
    public static void main(String[] arguments) {
      System.err.println("matrix: found an unknown key");
      System.exit(2);
    }
  }
}
