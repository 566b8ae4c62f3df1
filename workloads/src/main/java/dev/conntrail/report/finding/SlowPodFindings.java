package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.cure.CureGroup;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Figure;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.CureRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Who notices that pods are slower than others, and what the slowest requests take then. */
public final class SlowPodFindings implements FindingSource {
  private static final int LISTED = 8;

  /** A cell with slow pods. */
  private record Measured(CellResults cell, CureRow.OnSlow share, CureCase.Deciding p99) {
    Sentence sentence() {
      return Sentence.of("{cure}: {share} %, p99 {slowest}")
          .with("cure", cell, CureFindings.name(cell.cell()) + " (#" + cell.number() + ")")
          .with("share", share.slowSharePct())
          .with("slowest", CureCase.SLOW_POD.text(p99), new Figure.Value(p99.value()));
    }
  }

  @Override
  public List<Finding> of(Analysis run) {
    return CureGroup.of(run.results()).stream()
        .flatMap(g -> g.byCourse().stream())
        .flatMap(g -> finding(run, g).stream())
        .toList();
  }

  private static Optional<Finding> finding(Analysis run, CureGroup group) {
    List<Measured> all = new ArrayList<>();
    for (CellResults cell : group.cells()) {
      run.cure(cell)
          .map(CureRow::onSlow)
          .filter(s -> Double.isFinite(s.slowSharePct()))
          .flatMap(s -> CureCase.SLOW_POD.of(run, cell).map(p99 -> new Measured(cell, s, p99)))
          .ifPresent(all::add);
    }
    return all.size() < 2
        ? Optional.empty()
        : Optional.of(
            Rank.CURE.finding(
                "slow-" + group.cells().getFirst().id(),
                Tone.PLAIN,
                text(group, all),
                Evidence.of(
                        "cures.csv, summary.csv",
                        "slow_fair_pct, slow_share_pct, response_p99_ns, response_exact_up_to_pct",
                        "answers from when pods were slow to the end of the measure phase; noticed: less"
                            + " than half of a fair share; of repetitions the worst p99",
                        Numbers.counted((long) all.size(), "cell"))
                    .at(CellLink.to(all.getFirst().cell()))));
  }

  private static Sentence text(CureGroup group, List<Measured> all) {
    return Sentence.of(
            "A slow pod ({asked}, {pods}{happens}; {testbed}), whose fair share of answers is {fair} %:"
                + " noticed by {noticed}; not noticed by {others}.")
        .with("asked", group.asked())
        .with("pods", group.pods(), "pod")
        .with(
            "happens",
            group.cells().getFirst().cell().course().events().stream()
                .map(e -> ", " + e.phrase())
                .collect(Collectors.joining()))
        .with("testbed", group.testbed().word())
        .with("fair", all.getFirst().share().slowFairPct())
        .with("noticed", those(all, m -> m.share().noticed()))
        .with("others", those(all, m -> !m.share().noticed()));
  }

  private static Sentence those(List<Measured> all, Predicate<Measured> which) {
    List<Sentence> each = all.stream().filter(which).map(Measured::sentence).toList();
    return each.isEmpty()
        ? Sentence.of("none of them")
        : Sentence.of("{each}").withSome("each", each, LISTED);
  }
}
