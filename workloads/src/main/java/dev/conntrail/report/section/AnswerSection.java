package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.CureFindings;
import dev.conntrail.report.finding.FindingSource;
import java.util.ArrayList;
import java.util.List;

/** Page one: a picture, which workload spreads how in which data plane, and what stands out. */
final class AnswerSection implements Section {
  private static final int SHOWN = 5;

  @Override
  public String id() {
    return "answer";
  }

  @Override
  public String title() {
    return "What this run shows";
  }

  @Override
  public boolean open(Analysis run) {
    return true;
  }

  @Override
  public List<Block> blocks(Analysis run) {
    List<Block> blocks = new ArrayList<>();
    Glance.of(run).ifPresent(chart -> blocks.add(new Block.Figure(chart)));
    List<Finding> findings = findings(run);
    if (!findings.isEmpty()) {
      blocks.add(new Block.Findings(findings.subList(0, Math.min(SHOWN, findings.size()))));
    }
    if (findings.size() > SHOWN) {
      blocks.add(
          new Block.Folded(
              "more-findings",
              Numbers.counted((long) findings.size() - SHOWN, "more finding"),
              List.of(new Block.Findings(findings.subList(SHOWN, findings.size())))));
    }
    blocks.addAll(VerdictMatrix.of(run));
    return blocks;
  }

  /** All, but of cures the first alone: the others stand in the section that is theirs. */
  private static List<Finding> findings(Analysis run) {
    List<Finding> findings = new ArrayList<>(FindingSource.findings(run));
    List<Finding> cures = findings.stream().filter(CureFindings.all(run)::contains).toList();
    findings.removeAll(cures.subList(Math.min(1, cures.size()), cures.size()));
    return findings;
  }
}
