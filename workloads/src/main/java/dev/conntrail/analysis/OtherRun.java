package dev.conntrail.analysis;

import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the same experiment on another testbed: for a run on a cluster, the newest whole run in
 * network namespaces that lies beside it and whose rules were not edited.
 */
final class OtherRun {
  private OtherRun() {}

  /** That of a run; none if it is not on a cluster, or nothing that can be read lies beside it. */
  static Optional<RunResults> of(RunResults run) {
    Manifest manifest = run.manifest();
    if (manifest.testbeds().stream().noneMatch(TestbedKind::kubernetes)) {
      return Optional.empty();
    }
    return siblings(run.folder()).stream()
        .flatMap(folder -> Candidate.of(folder).stream())
        .filter(c -> isSame(manifest, c.manifest()))
        .max(
            Comparator.comparing((Candidate c) -> c.manifest().startedUtc())
                .thenComparing(c -> c.folder().path()))
        .flatMap(Candidate::read);
  }

  /** A folder that holds a run. */
  private record Candidate(RunFolder folder, Manifest manifest) {
    static Optional<Candidate> of(RunFolder folder) {
      try {
        return Optional.of(new Candidate(folder, RunResults.manifest(folder)));
      } catch (IOException _) {
        return Optional.empty();
      }
    }

    Optional<RunResults> read() {
      try {
        return Optional.of(RunResults.read(folder));
      } catch (IOException _) {
        return Optional.empty();
      }
    }
  }

  private static boolean isSame(Manifest here, Manifest there) {
    return there.experiment().equals(here.experiment())
        && there.testbeds().contains(TestbedKind.NETNS)
        && !there.planted()
        && there.status() == RunStatus.COMPLETE;
  }

  /** Folders beside a run's. */
  private static List<RunFolder> siblings(RunFolder folder) {
    Path own = folder.path().toAbsolutePath().normalize();
    try {
      return RunFolder.in(own.getParent()).stream().filter(f -> !f.path().equals(own)).toList();
    } catch (IOException _) {
      return List.of();
    }
  }
}
