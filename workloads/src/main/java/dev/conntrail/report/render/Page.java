package dev.conntrail.report.render;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.Answer;
import dev.conntrail.report.section.Section;
import dev.conntrail.report.section.Sections;
import dev.conntrail.result.Manifest;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A report, ready to be drawn.
 *
 * @param manifest what was run
 * @param answer its heading
 * @param lead what, where and when, in a line
 * @param lacks what the folder does not tell
 * @param sections those that say something
 */
public record Page(
    Manifest manifest, Answer answer, List<String> lead, List<String> lacks, List<Part> sections) {

  /** A section with its blocks. */
  public record Part(String id, String title, boolean open, List<Block> blocks) {}

  /** As it is drawn. */
  public Sheet sheet() {
    return new Sheet(
        "Conntrail: " + manifest.experiment(),
        manifest.question() == null ? manifest.experiment() : manifest.question(),
        answer.tone(),
        answer.verdict(),
        lead,
        lacks,
        sections);
  }

  /** That of a run. */
  public static Page of(Analysis run) {
    return of(run, _ -> {});
  }

  /**
   * That of a run.
   *
   * @param made is told of each section as soon as it is made
   */
  public static Page of(Analysis run, Consumer<Part> made) {
    List<Part> parts = new ArrayList<>();
    for (Section s : Sections.all()) {
      List<Block> blocks = s.blocks(run);
      if (!blocks.isEmpty()) {
        Part part = new Part(s.id(), s.title(), s.open(run), blocks);
        parts.add(part);
        made.accept(part);
      }
    }
    return new Page(run.results().manifest(), Answer.of(run), lead(run), Lacks.of(run), parts);
  }

  private static List<String> lead(Analysis run) {
    Manifest m = run.results().manifest();
    List<String> lead = new ArrayList<>();
    lead.add("experiment " + m.experiment());
    lead.add(
        "testbed "
            + m.testbeds().stream().map(TestbedKind::word).collect(Collectors.joining(" and ")));
    lead.add(m.startedUtc().substring(0, Math.min(19, m.startedUtc().length())) + " UTC");
    lead.add(Numbers.counted((long) run.results().measured().size(), "cell"));
    lead.add("up to " + Numbers.counted((long) m.repetitions(), "repetition") + " each");
    lead.add("run " + m.run());
    if (!m.rulesEdit().isEmpty()) {
      lead.add("the rules were edited before they were loaded: " + m.rulesEdit());
    }
    return lead;
  }
}
