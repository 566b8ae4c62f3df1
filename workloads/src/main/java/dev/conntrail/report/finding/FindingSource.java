package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Tone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes findings of one kind. */
@FunctionalInterface
public interface FindingSource {
  /** Those of a run; none where it has nothing of the kind. */
  List<Finding> of(Analysis run);

  /** All kinds. */
  private static List<FindingSource> all() {
    return Stream.of(connections(), events(), CureFindings.kinds(), requests())
        .flatMap(List::stream)
        .toList();
  }

  private static List<FindingSource> connections() {
    return List.of(
        new ChanceFindings(),
        new LawFindings(),
        new PlantedFinding(),
        new NodeFindings(),
        new IdleFinding(),
        new EvennessFinding(),
        new StayingFinding(),
        new SharedFinding());
  }

  private static List<FindingSource> events() {
    return List.of(
        new ScaleOutFindings(),
        new EventFindings(),
        new SilenceFindings(),
        new RetryFindings(),
        new HookFindings(),
        new RemovalFindings(),
        new NewPodFindings(),
        new AutoscalerFindings());
  }

  private static List<FindingSource> requests() {
    return List.of(
        new PortsMovedFindings(),
        new AgeingFindings(),
        new PortReuseFindings(),
        new FullTableFindings(),
        new HashingFinding(),
        new NodesTogetherFindings(),
        new LostFinding(),
        new HeldFindings(),
        new ConnectFindings(),
        new PriceFinding(),
        new WalkFindings(),
        new HashFindings(),
        new ScatterFinding(),
        new ClosedLoopFinding(),
        new WitnessFinding(),
        new ProxyCountFinding(),
        new MarkFindings(),
        new OtherTestbedFindings());
  }

  /**
   * All findings of a run in the order of reading: what is wrong; then, by weight, the first of
   * each kind, for many of one kind say less than one of each; then the others.
   */
  static List<Finding> findings(Analysis run) {
    record Placed(Finding finding, boolean bad, int earlier) {}
    Map<Integer, Integer> seen = new HashMap<>();
    List<Placed> placed = new ArrayList<>();
    for (FindingSource source : all()) {
      for (Finding f : source.of(run)) {
        placed.add(
            new Placed(f, f.tone() == Tone.BAD, seen.merge(f.weight(), 1, Integer::sum) - 1));
      }
    }
    return placed.stream()
        .sorted(
            Comparator.comparing(Placed::bad)
                .reversed()
                .thenComparingInt(Placed::earlier)
                .thenComparingInt(p -> -p.finding().weight()))
        .map(Placed::finding)
        .toList();
  }
}
