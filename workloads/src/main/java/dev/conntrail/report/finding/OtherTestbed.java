package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The same experiment on another testbed: for a run on a cluster, the newest whole run in network
 * namespaces that lies beside it and has no planted fault.
 *
 * @param here the run of the report
 * @param there the other
 */
public record OtherTestbed(Analysis here, Analysis there) {
  /** A cell that both have: the same set-up by its id. */
  public record Pair(CellResults here, CellResults there) {}

  /** That of a run; none if it is not on a cluster, or nothing lies beside it. */
  public static Optional<OtherTestbed> of(Analysis run) {
    Manifest manifest = run.results().manifest();
    if (manifest.testbeds().stream().noneMatch(TestbedKind::kubernetes)) {
      return Optional.empty();
    }
    return siblings(run.results().folder()).stream()
        .flatMap(folder -> Candidate.of(folder).stream())
        .filter(c -> isSame(manifest, c.manifest()))
        .max(
            Comparator.comparing((Candidate c) -> c.manifest().startedUtc())
                .thenComparing(c -> c.folder().path()))
        .flatMap(Candidate::read)
        .map(there -> new OtherTestbed(run, there));
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

    Optional<Analysis> read() {
      try {
        return Optional.of(Analysis.of(RunResults.read(folder)));
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
    try (Stream<Path> all = Files.list(own.getParent())) {
      return all.filter(p -> !p.equals(own))
          .map(RunFolder::new)
          .filter(f -> Files.isRegularFile(f.manifest()))
          .toList();
    } catch (IOException _) {
      return List.of();
    }
  }

  /** The name of the other run's folder. */
  public String name() {
    return there.results().folder().path().getFileName().toString();
  }

  /** Cells that both have. */
  public List<Pair> pairs() {
    return here.results().measured().stream()
        .flatMap(c ->
            there
                .results()
                .cell(c.id())
                .filter(o -> o.testbed() == TestbedKind.NETNS && !o.repetitions().isEmpty())
                .map(o -> new Pair(c, o))
                .stream())
        .toList();
  }
}
