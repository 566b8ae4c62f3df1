package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.cure.CureGroup;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.CureCase;
import dev.conntrail.report.finding.CureFindings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Cures beside each other: what each does, what it takes, and which fits which case. */
final class CuresSection implements Section {
  private static final String PUBLISHED =
      "Published of one of five pods that answers 200 ms later (Buoyant, June 2026; not repeated here): a p99"
          + " of 29 to 30 ms with a balancer of requests, more with every balancer of connections.";

  @Override
  public String id() {
    return "cures";
  }

  @Override
  public String title() {
    return "Cures";
  }

  /** Where cures can be weighed, that is what the run is about. */
  @Override
  public boolean open(Analysis run) {
    return run.results().measured().stream()
        .allMatch(c -> run.cure(c).isPresent() || run.hunt(c).isPresent());
  }

  @Override
  public List<Block> blocks(Analysis run) {
    List<CureGroup> groups = CureGroup.of(run.results());
    List<Finding> best = CureFindings.all(run);
    if (groups.isEmpty() && best.isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    CuresChart.of(run, groups).ifPresent(chart -> blocks.add(new Block.Figure(chart)));
    List<Chart> theory =
        Stream.of(
                NewShareCharts.of(run),
                ProxyChart.of(run).stream().toList(),
                HerdCharts.of(run),
                HuntCharts.of(run))
            .flatMap(List::stream)
            .toList();
    if (!theory.isEmpty()) {
      blocks.add(new Block.Multiples(theory));
    }
    if (!groups.isEmpty()) {
      blocks.add(CuresTable.of(run, groups));
      blocks.add(CureCostsTable.of(run, groups));
    }
    if (!best.isEmpty()) {
      blocks.add(new Block.Findings(best));
    }
    if (groups.stream().flatMap(g -> g.cells().stream()).anyMatch(CureCase.SLOW_POD::holds)) {
      blocks.add(new Block.Prose(PUBLISHED));
    }
    List<CureCase> missing = CureFindings.missing(run);
    if (!missing.isEmpty()) {
      blocks.add(
          new Block.Prose(
              "Not measured with two cures that could be compared: "
                  + Numbers.list(
                      missing.stream().map(c -> c.title().toLowerCase(Locale.ROOT)).toList())
                  + "."));
    }
    return blocks;
  }
}
