package dev.conntrail.report.render;

import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Figure;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.finding.Answer;
import dev.conntrail.result.Json;
import dev.conntrail.result.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes what a page says for programs: its heading and its findings, each with the figures of its
 * text, as they were before they were rounded for people.
 */
public final class JsonRenderer {
  /** What the file says. */
  private record Said(
      int schema,
      String run,
      String tone,
      String headline,
      Map<String, Object> figures,
      boolean alarm,
      String worst,
      String idle,
      String marks,
      List<String> lacks,
      List<SaidFinding> findings) {}

  private record SaidFinding(
      String id, String tone, String text, Map<String, Object> figures, SaidEvidence evidence) {}

  private record SaidEvidence(
      String file,
      String columns,
      String how,
      String n,
      Optional<String> power,
      Optional<String> cell) {}

  private record SaidRange(Optional<Number> low, Optional<Number> high) {}

  private JsonRenderer() {}

  /** Writes it. */
  public static void write(Page page, Manifest manifest, Answer answer, Path file)
      throws IOException {
    Json.write(
        file,
        new Said(
            manifest.schema(),
            manifest.run(),
            answer.tone().word(),
            answer.verdict(),
            plain(answer.figures()),
            answer.alarm(),
            line(answer, "worst"),
            line(answer, "idle"),
            line(answer, "marks"),
            page.lacks(),
            page.sections().stream()
                .flatMap(s -> findings(s.blocks()))
                .distinct()
                .map(JsonRenderer::said)
                .toList()));
  }

  private static String line(Answer answer, String label) {
    return answer.lines().stream()
        .filter(l -> l.label().equals(label))
        .findFirst()
        .orElseThrow()
        .text();
  }

  private static Stream<Finding> findings(List<Block> blocks) {
    return blocks.stream()
        .flatMap(block ->
            switch (block) {
              case Block.Findings f -> f.findings().stream();
              case Block.Folded f -> findings(f.blocks());
              case Block.Prose _,
                  Block.Bullets _,
                  Block.Table _,
                  Block.Figure _,
                  Block.Multiples _,
                  Block.Preformatted _,
                  Block.Terms _,
                  Block.Facts _ ->
                  Stream.empty();
            });
  }

  private static SaidFinding said(Finding f) {
    return new SaidFinding(
        f.id(),
        f.tone().word(),
        f.text(),
        plain(f.figures()),
        new SaidEvidence(
            f.evidence().file(),
            f.evidence().columns(),
            f.evidence().how(),
            f.evidence().n(),
            f.evidence().power(),
            f.evidence().cell().map(c -> c.id())));
  }

  private static Map<String, Object> plain(Map<String, Figure> figures) {
    Map<String, Object> plain = new LinkedHashMap<>();
    figures.forEach((name, figure) -> plain.put(name, plain(figure)));
    return plain;
  }

  /** A number, or nothing where it is none; low and high; a name; an object or a list of them. */
  private static Object plain(Figure figure) {
    return switch (figure) {
      case Figure.Value(double value) -> number(value);
      case Figure.Range(double low, double high) -> new SaidRange(number(low), number(high));
      case Figure.Name(String name) -> name;
      case Figure.Part(Map<String, Figure> figures) -> plain(figures);
      case Figure.Parts(List<Figure.Part> parts) ->
          parts.stream().map(p -> plain(p.figures())).toList();
    };
  }

  private static Optional<Number> number(double value) {
    if (!Double.isFinite(value)) {
      return Optional.empty();
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < Long.MAX_VALUE;
    return Optional.of(whole ? (Number) (long) value : (Number) value);
  }
}
