package dev.conntrail.report;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.DerivedTables;
import dev.conntrail.report.finding.Answer;
import dev.conntrail.report.render.Drawer;
import dev.conntrail.report.render.Drawings;
import dev.conntrail.report.render.HtmlRenderer;
import dev.conntrail.report.render.JsonRenderer;
import dev.conntrail.report.render.MarkdownRenderer;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The report of a run: {@code report.html} (one file, no network), {@code report.md} with its SVGs,
 * and {@code report.json} for programs.
 *
 * @param page the HTML page
 * @param run what it is made of
 * @param answer what the run answers
 */
public record Report(Path page, Analysis run, Answer answer) {
  /**
   * Writes it, and anew what follows from the results.
   *
   * @throws IOException if the folder is no result folder
   */
  public static Report write(RunFolder folder) throws IOException {
    try (Drawer drawer = new Drawer()) {
      Analysis run = Analysis.of(RunResults.read(folder)).withOther();
      DerivedTables.write(run);
      Answer answer = Answer.of(run);
      Page page = Page.of(run, answer, drawer::begin);
      Files.createDirectories(folder.report());
      Path html = folder.report().resolve("report.html");
      Drawings drawings = drawer.drawings();
      HtmlRenderer.write(page, drawings, html);
      MarkdownRenderer.write(page, drawings, folder.report());
      JsonRenderer.write(
          page, run.results().manifest(), answer, folder.report().resolve("report.json"));
      return new Report(html, run, answer);
    }
  }
}
