package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import java.util.List;

/** Makes findings of one kind. */
@FunctionalInterface
public interface FindingSource {
  /** Those of a run; none where it has nothing of the kind. */
  List<Finding> of(Analysis run);

  /** All kinds. */
  static List<FindingSource> all() {
    return List.of(new IdleFinding());
  }

  /** All findings of a run, the weightiest first. */
  static List<Finding> findings(Analysis run) {
    return all().stream()
        .flatMap(s -> s.of(run).stream())
        .sorted((a, b) -> Integer.compare(b.weight(), a.weight()))
        .toList();
  }
}
