package dev.conntrail.report.comparison;

import dev.conntrail.compare.AbResults;
import dev.conntrail.compare.AbRow;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.render.Drawer;
import dev.conntrail.report.render.HtmlRenderer;
import dev.conntrail.report.render.MarkdownRenderer;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.AbManifest;
import dev.conntrail.result.Csv;
import dev.conntrail.result.row.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The page of two sides that were measured in turns. */
public final class AbPage {
  private AbPage() {}

  /** Makes it. */
  public static Page of(AbResults ab) {
    AbHeading heading = AbHeading.of(ab);
    List<Page.Part> parts = new ArrayList<>();
    if (!ab.counts().isEmpty()) {
      parts.add(
          new Page.Part("counts-section", "Counts", true, List.of(CountsTable.of(ab.counts()))));
    }
    if (!ab.gate().times().isEmpty()) {
      parts.add(new Page.Part("times", "Times", true, List.of(times(ab))));
    }
    parts.add(new Page.Part("method", "How", false, List.of(new Block.Bullets(method(ab)))));
    AbManifest m = ab.manifest();
    return new Page(
        new Page.Head(
            "ab of " + m.sides().getFirst().experiment(),
            "Is side b slower or faster than side a? What differs: " + m.differs(),
            heading.tone(),
            heading.text(),
            "What the folders do not tell"),
        lead(ab),
        lacks(ab),
        parts);
  }

  /** Writes {@code ab.html}, {@code ab.md} and {@code ab.csv} into its folder; the page's path. */
  public static Path write(AbResults ab) throws IOException {
    Page page = of(ab);
    Path html = ab.folder().path().resolve("ab.html");
    HtmlRenderer.write(page, Drawer.draw(page), html);
    Files.writeString(html.resolveSibling("ab.md"), MarkdownRenderer.text(page));
    Csv.write(html.resolveSibling("ab.csv"), AbRow.class, AbRow.of(ab));
    return html;
  }

  private static List<String> lead(AbResults ab) {
    AbManifest m = ab.manifest();
    List<String> lead = new ArrayList<>();
    m.sides()
        .forEach(s -> lead.add("%s: %s%s".formatted(s.side().word(), s.experiment(), more(s))));
    lead.add("testbed " + m.testbed().word());
    lead.add(m.startedUtc().substring(0, Math.min(19, m.startedUtc().length())) + " UTC");
    lead.add(Numbers.counted((long) ab.gate().blocks(), "block"));
    lead.add("margin " + Numbers.number(m.margin()));
    lead.add("run " + m.run());
    return lead;
  }

  private static String more(AbManifest.SideOf side) {
    String edited = side.rulesEdit().isEmpty() ? "" : ", its rules edited";
    return edited + side.jar().map(j -> ", by " + j).orElse("");
  }

  private static List<String> lacks(AbResults ab) {
    List<String> lacks = new ArrayList<>();
    if (ab.manifest().status() != RunStatus.COMPLETE) {
      lacks.add("It is not whole: " + ab.manifest().status().word() + ".");
    }
    lacks.addAll(ab.lacks());
    return lacks;
  }

  private static Block times(AbResults ab) {
    return ForestTable.of(
        "forest",
        "Ratios of times, b to a, median over blocks"
            + (ab.gate().isVoid() ? "; void, for a control moved" : ""),
        "Blocks in which neither side carries a mark.",
        ab.gate().times().stream().map(t -> ForestRow.of(t, ab.gate().margin())).toList(),
        ab.gate().margin());
  }

  private static List<String> method(AbResults ab) {
    AbManifest m = ab.manifest();
    List<String> lines = new ArrayList<>();
    lines.add(
        "A block is every cell of both sides once, in an order drawn anew; its value is the logarithm of the ratio of b to a, so what moves between runs, or drifts within one, touches it little.");
    lines.add(
        "Shown: the median over blocks. Test: exact sign flips of signed ranks, corrected by Holm over the p50 of response and of connect of all pairs but controls; the interval is what the test does not reject.");
    lines.add(looks(m));
    lines.add(
        "Negative control: a cell that is the same on both sides. If it moves, at 0.05 over all controls, every other time is void.");
    lines.add(
        Numbers.counted((long) ab.marked(), "pair")
            + " of repetitions set aside for a mark on either side.");
    if (!m.notes().isEmpty()) {
      lines.addAll(m.notes());
    }
    return lines;
  }

  private static String looks(AbManifest m) {
    String taken =
        m.looks().isEmpty()
            ? "none was taken, so no verdict is given"
            : "taken after "
                + Numbers.list(
                    m.looks().stream().map(l -> Integer.toString(l.afterBlocks())).toList())
                + " blocks, of those planned from how long the first three took";
    return "Looks: %s. Each has its part of 0.05, here %s, so that all together keep it (Bonferroni)."
        .formatted(taken, Numbers.number(m.level()));
  }
}
