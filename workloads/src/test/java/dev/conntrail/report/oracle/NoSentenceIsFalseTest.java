package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.DerivedTables;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.finding.Answer;
import dev.conntrail.report.finding.FindingSource;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.JmhResults;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.TestRows;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A whole run whose tables are altered in many ways, alone and in pairs: whatever they say, every
 * sentence made of them is what they say, as an oracle finds that reads them by itself.
 */
@Tag("computes")
class NoSentenceIsFalseTest {
  private static final int PAIRS = 12;

  /** Not those of names: http1, pod-2, #3. */
  private static final Pattern FIGURE =
      Pattern.compile("(?<![\\w#<.,-])\\d[\\d,]*(?:\\.\\d+)?(?![\\w-])");

  @TempDir private static Path folder;
  private static CsvText run;
  private static Said whole;

  @BeforeAll
  static void write() throws IOException {
    Path base = folder.resolve("base");
    run = WholeRun.write(base);
    whole = Said.of(run, Analysis.of(RunResults.read(new RunFolder(base))));
  }

  static Stream<String> alterations() {
    return Alterations.all().keySet().stream();
  }

  /** Drawn from a fixed seed. */
  static Stream<List<String>> pairs() {
    List<String> names = List.copyOf(Alterations.all().keySet());
    SplittableRandom random = new SplittableRandom(9);
    return Stream.generate(() ->
            List.of(
                names.get(random.nextInt(names.size())), names.get(random.nextInt(names.size()))))
        .limit(PAIRS);
  }

  /** What is said of a run, beside its page. */
  private record Said(CsvText text, Analysis analysis, List<Finding> findings, Answer answer) {
    static Said of(CsvText text, Analysis analysis) {
      return new Said(text, analysis, FindingSource.findings(analysis), Answer.of(analysis));
    }

    /** Of a folder as it is. */
    static Said of(RunFolder folder) throws IOException {
      return of(CsvText.read(folder.path()), Analysis.of(RunResults.read(folder)));
    }

    List<String> sentences() {
      return Stream.concat(
              findings.stream().map(Finding::text), answer.lines().stream().map(Answer.Line::text))
          .toList();
    }

    void check() {
      Oracle oracle = new Oracle(text, Optional.of(run));
      oracle.check(answer);
      findings.forEach(oracle::check);
      SoftAssertions every = new SoftAssertions();
      PageText.of(Page.of(analysis)).forEach(t -> every.check(() -> oracle.check(t)));
      every.assertAll();
    }
  }

  private static Said altered(List<String> names) throws IOException {
    Map<String, Consumer<CsvText>> all = Alterations.all();
    CsvText text = run.copy();
    names.forEach(name -> all.get(name).accept(text));
    Path results = Files.createTempDirectory(folder, "results");
    Files.createSymbolicLink(results.resolve("base"), folder.resolve("base"));
    Path altered = results.resolve("altered");
    text.write(altered);
    return Said.of(text, Analysis.of(RunResults.read(new RunFolder(altered))).withOther());
  }

  @Test
  void ofTheRunAsItIs() {
    whole.check();
    assertThat(whole.findings())
        .extracting(Finding::id)
        .extracting(id -> id.replaceAll("-[0-9a-f]{8}$", ""))
        .containsAll(WholeRun.kinds());
  }

  @ParameterizedTest
  @MethodSource("alterations")
  void ofARunThatIsOther(String name) throws IOException {
    Said said = altered(List.of(name));
    assertThat(said.sentences()).as("it makes a difference").isNotEqualTo(whole.sentences());
    said.check();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void ofARunThatIsOtherInTwoWays(List<String> names) throws IOException {
    altered(names).check();
  }

  /** The oracle looks at every figure: one that is other is found, whichever it is. */
  @Test
  void noFalseFigureEscapesTheOracle() {
    Oracle oracle = new Oracle(run, Optional.empty());
    List<String> escaped = new ArrayList<>();
    for (Finding f : whole.findings()) {
      for (String text : falsified(f.text())) {
        Finding wrong = Oracle.saying(f, text);
        if (catchThrowable(() -> oracle.check(wrong)) == null) {
          escaped.add(text);
        }
      }
    }
    for (PageText said : PageText.of(Page.of(whole.analysis()))) {
      for (String text : falsified(said.text())) {
        if (catchThrowable(() -> oracle.check(said.with(text))) == null) {
          escaped.add(text);
        }
      }
    }
    for (Answer.Line line : whole.answer().lines()) {
      // one figure is what 95 % means
      for (String text : falsified(line.text().replace("95 %", "@"))) {
        Answer.Line wrong = new Answer.Line(line.label(), text.replace("@", "95 %"));
        if (catchThrowable(() -> oracle.check(wrong)) == null) {
          escaped.add(wrong.text());
        }
      }
    }
    assertThat(escaped).isEmpty();
  }

  /** Runs of nothing but events, drawn from a seed: their effects are what the ledger says. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void ofARunOfEventsThatIsDrawn(long seed) throws IOException {
    RunFolder drawn = DrawnEvents.write(folder.resolve("drawn-" + seed), seed);
    new OfLedger(new Facts(CsvText.read(drawn.path()))).areTheEffects();
    Said said = Said.of(drawn);
    said.check();
    DerivedTables.write(said.analysis());
    new OfLedger(new Facts(CsvText.read(drawn.path()))).isTheLastOfWhoLeft();
    new OfBalance(new Facts(CsvText.read(drawn.path()))).hasItsBounds();
    assertThat(said.answer().verdict()).contains("Requests without an answer: ");
    assertThat(said.findings())
        .extracting(f -> f.id().replaceAll("-[0-9a-f]{8}(-\\d)?$", ""))
        .contains("event", "new-pods", "retries", "pre-stop");
  }

  /** Paragraphs and captions on lookups, which {@link WholeRun} does not have. */
  @Test
  void whatTheSectionOnLookupsSaysIsKnown() throws IOException {
    TestRun lookups =
        TestRun.ofCells(folder.resolve("lookups"), "pods: 2")
            .fill()
            .kernel(List.of(TestRows.kernel(Lookup.NFTABLES, 100, 1, Target.LAST, 5e4, 5e4)))
            .jmh(JmhResults.read(Path.of("src/test/resources/golden/jmh"), TestRun.RUN));
    Analysis analysis = Analysis.of(lookups.read());
    Oracle oracle = new Oracle(CsvText.read(analysis.results().folder().path()), Optional.empty());
    List<PageText> texts =
        PageText.of(Page.of(analysis)).stream().filter(t -> t.section().equals("lookups")).toList();
    assertThat(texts).hasSizeGreaterThan(8).allSatisfy(oracle::check);
    assertThatThrownBy(() -> oracle.check(texts.getFirst().with("The models are right.")))
        .hasMessageStartingWith("nobody knows whether it is true");
  }

  /** The same text once for each figure, which is other. */
  private static List<String> falsified(String text) {
    List<String> all = new ArrayList<>();
    Matcher figures = FIGURE.matcher(text);
    while (figures.find()) {
      all.add(
          text.substring(0, figures.start())
              + Math.round(Double.parseDouble(figures.group().replace(",", "")) * 1.5 + 1)
              + text.substring(figures.end()));
    }
    return all;
  }
}
