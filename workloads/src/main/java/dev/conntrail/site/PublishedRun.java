package dev.conntrail.site;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Tone;
import dev.conntrail.report.finding.Answer;
import dev.conntrail.report.finding.CellWord;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunArchive;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code run.json}: what the index, trends and the feed know of a run.
 *
 * @param layout version of this file
 * @param id names its folder in the site
 * @param run the run's name
 * @param publishedUtc when it came to the site, ISO 8601
 * @param experiment its name
 * @param testbeds where the pods were
 * @param status how it ended
 * @param startedUtc ISO 8601
 * @param rulesEdit the edit that was applied to the rules; empty for kube-proxy's own
 * @param planted whether a fault was planted
 * @param tone of the heading
 * @param headline the report's heading
 * @param verdict the run in one word
 * @param measuredCount cells that have results
 * @param platform on what it was made
 * @param conntrail version and commit of what measured it
 * @param lacks what its folder does not tell
 * @param digests SHA-256 of what was measured, by name
 * @param cells their figures
 */
record PublishedRun(
    int layout,
    String id,
    String run,
    String publishedUtc,
    String experiment,
    List<TestbedKind> testbeds,
    RunStatus status,
    String startedUtc,
    String rulesEdit,
    boolean planted,
    Tone tone,
    String headline,
    CellWord verdict,
    int measuredCount,
    Platform platform,
    String conntrail,
    List<String> lacks,
    Map<String, String> digests,
    List<CellFigures> cells) {
  /** The layout that this version writes. */
  static final int LAYOUT = 1;

  /** Its name in the folder of a run. */
  static final String FILE = "run.json";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

  /**
   * That of a run.
   *
   * @param answer what it answers
   * @param lacks what its folder does not tell
   */
  static PublishedRun of(Analysis run, Answer answer, List<String> lacks, Instant now)
      throws IOException {
    RunResults results = run.results();
    Manifest m = results.manifest();
    return new PublishedRun(
        LAYOUT,
        id(m),
        m.run(),
        now.toString(),
        m.experiment(),
        m.testbeds(),
        m.status(),
        m.startedUtc(),
        m.rulesEdit(),
        m.planted(),
        answer.tone(),
        answer.verdict(),
        answer.words().headline(),
        results.measured().size(),
        Platform.of(results),
        results.environment().conntrail() + ", git " + results.environment().git(),
        lacks,
        RunArchive.digests(results.folder()),
        results.measured().stream().map(c -> CellFigures.of(run, c)).toList());
  }

  /**
   * The name of a run's folder in the site: when it began, and its name, whatever its own folder is
   * called.
   *
   * @throws IOException if it says neither in a way that a name can be made of
   */
  static String id(Manifest m) throws IOException {
    if (!m.run().matches("[A-Za-z0-9-]{1,40}")) {
      throw new IOException("manifest.json: run: found '" + m.run() + "'; allowed: a run's name");
    }
    try {
      return STAMP.format(Instant.parse(m.startedUtc())) + "-" + m.run();
    } catch (DateTimeException e) {
      throw new IOException(
          "manifest.json: startedUtc: found '" + m.startedUtc() + "'; allowed: ISO 8601", e);
    }
  }

  /** When it came to the site. */
  Instant published() {
    return Instant.parse(publishedUtc);
  }

  /** When it began. */
  Instant started() {
    return Instant.parse(startedUtc);
  }

  /** The same to the minute, UTC. */
  String minute() {
    return MINUTE.format(started());
  }

  /** Where the pods were, joined by a word. */
  String testbed() {
    return testbeds.stream().map(TestbedKind::word).collect(Collectors.joining(" and "));
  }

  /** Where its page is, from the site's top. */
  String page() {
    return file("index.html");
  }

  /** Where one of its files is, from the site's top. */
  String file(String name) {
    return Site.RUNS + "/" + id + "/" + name;
  }
}
