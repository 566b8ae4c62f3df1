package dev.conntrail.report.render;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
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
 * What is drawn as a page, whatever it is about.
 *
 * @param head its title and heading
 * @param lead what, where and when, in a line
 * @param lacks what the folder does not tell
 * @param sections those that say something
 */
public record Page(Head head, List<String> lead, List<String> lacks, List<Part> sections) {

  /**
   * What stands on top.
   *
   * @param title names the page
   * @param question that it answers
   * @param tone whether all is as it should be
   * @param answer the heading, made from the verdict
   * @param lacking what stands above what cannot be told
   */
  public record Head(String title, String question, Tone tone, String answer, String lacking) {
    /** That of a run. */
    static Head of(Manifest manifest, Answer answer) {
      String question = manifest.question() == null ? manifest.experiment() : manifest.question();
      return new Head(
          "Conntrail: " + manifest.experiment(),
          question,
          answer.tone(),
          answer.verdict(),
          "What this folder does not tell");
    }
  }

  /** A section with its blocks. */
  public record Part(String id, String title, boolean open, List<Block> blocks) {}

  /** That of a run. */
  public static Page of(Analysis run) {
    return of(run, Answer.of(run), _ -> {});
  }

  /**
   * That of a run.
   *
   * @param answer what it answers
   * @param made is told of each section as soon as it is made
   */
  public static Page of(Analysis run, Answer answer, Consumer<Part> made) {
    List<Part> parts = new ArrayList<>();
    for (Section s : Sections.all()) {
      List<Block> blocks = s.blocks(run);
      if (!blocks.isEmpty()) {
        Part part = new Part(s.id(), s.title(), s.open(run), blocks);
        parts.add(part);
        made.accept(part);
      }
    }
    return new Page(Head.of(run.results().manifest(), answer), lead(run), Lacks.of(run), parts);
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
    m.echoDelayMs()
        .ifPresent(ms -> lead.add("every answer of echo was delayed by " + Numbers.millis(ms)));
    return lead;
  }
}
