package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.calibration.CalibrationPlan.Profile;
import dev.conntrail.result.Json;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationJobTest {
  private static final CalibrationJob HERE =
      new CalibrationJob(false, Profile.DEFAULT, Set.of(), "");

  @TempDir private Path folder;

  private List<CalibrationJob> after(String testbed, Profile much, String... command)
      throws IOException {
    RunFolder run = new RunFolder(folder);
    Manifest manifest =
        new Manifest(
            Manifest.SCHEMA,
            "ct0a1b2c",
            "any",
            "",
            Stream.of(testbed.split("\\+", -1))
                .map(w -> Named.find(TestbedKind.class, w).orElseThrow())
                .toList(),
            RunStatus.COMPLETE,
            "2026-01-01T00:00:00Z",
            1,
            1,
            1,
            List.of(),
            List.of(),
            "",
            Optional.empty(),
            List.of(command),
            List.of(),
            Optional.empty());
    Json.write(run.manifest(), manifest);
    return CalibrationJob.after(run, much);
  }

  @Test
  void theKernelsOfARunAreMeasuredAGuestsWhereItIsAlone() throws IOException {
    assertThat(after("netns", Profile.DEFAULT, "run", "quick")).containsExactly(HERE);
    assertThat(after("netns+uml", Profile.DEFAULT, "run", "default")).containsExactly(HERE);
    assertThat(after("uml", Profile.DEFAULT, "run", "default"))
        .containsExactly(new CalibrationJob(true, Profile.QUICK, Set.of(DataPlane.IPVS), ""));
    assertThat(after("netns+uml", Profile.FULL, "run", "full"))
        .containsExactly(
            new CalibrationJob(false, Profile.FULL, Set.of(), ""),
            new CalibrationJob(true, Profile.DEFAULT, Set.of(), ""));
    assertThat(after("uml", Profile.FULL, "run", "full"))
        .containsExactly(new CalibrationJob(true, Profile.DEFAULT, Set.of(), ""));
  }

  @Test
  void theGuestsKernelIsThatOfTheRun() throws IOException {
    for (String[] command :
        List.of(
            new String[] {"run", "modes", "--uml-kernel", "/k/linux", "--no-report"},
            new String[] {"run", "--uml-kernel=/k/linux", "modes"})) {
      assertThat(after("uml", Profile.DEFAULT, command))
          .extracting(CalibrationJob::umlKernel)
          .containsExactly("/k/linux");
    }
  }

  @Test
  void elsewhereThereIsNothingToMeasure() throws IOException {
    assertThat(after("kind", Profile.DEFAULT, "run", "quick", "--testbed", "kind")).isEmpty();
    assertThat(after("loopback", Profile.FULL, "run", "loopback")).isEmpty();
  }

  @Test
  void aFolderThatIsNoRunsIsRefused() {
    assertThatThrownBy(() -> CalibrationJob.after(new RunFolder(folder), Profile.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--for-run: found no manifest.json in "
                + folder
                + "; allowed: a result folder, as `run` writes it");
  }
}
