package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.FileTrees;
import dev.conntrail.result.Folders;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run where nobody is privileged, and the same again. */
class RerunCommandTest {
  private static final String YAML =
      """
      experiment: straight
      testbed: loopback
      seed: 9
      phases: {warmup: 0ms, measure: 100ms, drain: 1s}
      matrix:
        - {protocol: http1, connections: 4, pods: 2, rate: 100}
      """;

  @TempDir private static Path folder;
  private static Path first;

  @BeforeAll
  static void measure() throws IOException {
    Path yaml = Files.writeString(folder.resolve("straight.yaml"), YAML);
    Path results = folder.resolve("first");
    assertThat(
            Called.with("run", yaml.toString(), "--results", results.toString(), "--quiet").code())
        .isZero();
    first = only(results);
  }

  private static Path only(Path results) throws IOException {
    return FileTrees.list(results).stream().filter(Files::isDirectory).findFirst().orElseThrow();
  }

  private Path altered(Path copy, String file, UnaryOperator<String> change) throws IOException {
    Folders.copy(first, copy.resolve("altered"));
    Path path = copy.resolve("altered").resolve(file);
    String before = Files.readString(path);
    assertThat(change.apply(before)).isNotEqualTo(before);
    Files.writeString(path, change.apply(before));
    return copy.resolve("altered");
  }

  private static Called dry(Path of) {
    return Called.with("rerun", of.toString(), "--dry-run");
  }

  @Test
  void theSameIsRunAgainIntoANewFolder(@TempDir Path again) throws IOException {
    Called ended =
        Called.with("rerun", first.toString(), "--results", again.toString(), "--", "--quiet");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err())
        .contains("again: run " + RunResults.manifest(new RunFolder(first)).run())
        .contains("nothing that is recorded of machine, programs and cells differs")
        .doesNotContain("\ndiffers: ");
    RunResults then = RunResults.read(new RunFolder(first));
    RunResults now = RunResults.read(new RunFolder(only(again)));
    assertThat(ended.out().strip()).startsWith(only(again).toString());
    assertThat(now.manifest().run()).isNotEqualTo(then.manifest().run());
    assertThat(now.manifest().seed()).isEqualTo(9);
    assertThat(now.measured().getFirst().id()).isEqualTo(then.measured().getFirst().id());
    assertThat(now.manifest().command())
        .containsExactly(
            "run",
            first.resolve("experiment.yaml").toString(),
            "--results",
            again.toString(),
            "--quiet");
  }

  @Test
  void whatDiffersIsSaidBefore(@TempDir Path copy) throws IOException {
    Path altered =
        altered(
            copy,
            "environment.json",
            text ->
                text.replaceFirst("\"kernel\" : \"[^\"]*\"", "\"kernel\" : \"2.4.1\"")
                    .replaceFirst("\"conntrail\" : \"[^\"]*\"", "\"conntrail\" : \"0.0.9\""));
    Called ended = dry(altered);
    assertThat(ended.code()).isZero();
    assertThat(ended.err())
        .contains("  kernel: 2.4.1 then, " + System.getProperty("os.version") + " now\n")
        .contains("  Conntrail: 0.0.9 (git ");
    assertThat(copy.toFile().list()).containsExactly("altered");
  }

  /** As if a default had been another: axes of the key as it was written. */
  @Test
  void defaultsThatChangedAreNamed(@TempDir Path copy) throws IOException {
    Path altered =
        altered(copy, "cells.csv", text -> text.replace("pooling=dedicated", "pooling=shared"));
    assertThat(dry(altered).err()).contains("  cells, pooling: shared then, dedicated now\n");
  }

  @Test
  void theTestbedAndTheEditOfTheRulesAreTakenOver(@TempDir Path copy) throws IOException {
    Path altered =
        altered(
            copy,
            "manifest.json",
            text ->
                text.replaceFirst("\"rulesEdit\" : \"\"", "\"rulesEdit\" : \"a=>b\"")
                    .replaceFirst("\"--quiet\"", "\"--testbed\", \"loopback\", \"--json\""));
    assertThat(dry(altered).err())
        .contains("experiment.yaml --testbed loopback --edit-rules a=>b --results results\n")
        .doesNotContain("--json");
  }

  @Test
  void whatTheFolderDoesNotTellIsRefusedWithItsMend(@TempDir Path copy) throws IOException {
    Path seed = altered(copy, "experiment.yaml", text -> text.replace("seed: 9", "seed: 8"));
    assertThat(dry(seed))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(2);
          assertThat(e.err())
              .contains("found experiment straight with seed 8; allowed: straight with seed 9");
        });
    Files.delete(seed.resolve("experiment.yaml"));
    assertThat(dry(seed).err())
        .contains("experiment.yaml: no such file; what was run is not known");
    Folders.copy(first, copy.resolve("two"));
    Path manifest = copy.resolve("two").resolve("manifest.json");
    String text = Files.readString(manifest);
    for (List<String> command :
        List.of(
            List.of("\"command\" : [ \"test\" ]", "command: found [test]; allowed: that of `run`"),
            List.of("\"command\" : [ \"run\", \"x\", \"--gone\" ]", "this version refuses it: "))) {
      Files.writeString(
          manifest, text.replaceFirst("\"command\" : \\[[^\\]]*\\]", command.getFirst()));
      assertThat(dry(copy.resolve("two")))
          .satisfies(e -> {
            assertThat(e.code()).isEqualTo(2);
            assertThat(e.err().lines()).hasSize(1);
            assertThat(e.err()).contains(command.getLast(), "; mend: `conntrail run ");
          });
    }
    assertThat(dry(folder).err()).contains("found no manifest.json");
  }
}
