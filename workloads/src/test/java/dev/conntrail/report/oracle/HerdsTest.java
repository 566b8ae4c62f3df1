package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.DerivedTables;
import dev.conntrail.record.Death;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.finding.Answer;
import dev.conntrail.report.finding.FindingSource;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.TestRepetition;
import dev.conntrail.result.TestRows;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.result.row.Fit;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Jitter;
import dev.conntrail.spec.Recycling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Herds of a simulation, whose connections have ages of the law that was set, or of another: what
 * is said of them, and whether all of it is what an oracle finds.
 */
class HerdsTest {
  private static final String CURES =
      "cure: [\"max-age=1s\", \"max-age=1s,jitter=grpc\", \"max-age=1s,jitter=envoy,percent=40\","
          + " \"max-age=1s,jitter=reactor,percent=40\"], pods: 4";

  private static final double LENGTH_MS = 3500;

  @TempDir private Path folder;

  /**
   * A run of herds.
   *
   * @param law of the ages that connections have; that of the cell where there is none
   * @param callers connections at a time
   */
  private Analysis run(String protocol, List<Jitter> law, int callers) throws IOException {
    SplittableRandom random = new SplittableRandom(11);
    SplittableRandom pods = new SplittableRandom(3);
    TestRun run =
        TestRun.of(
            folder,
            """
            experiment: herds
            question: When?
            repetitions: 2
            phases: {warmup: 500ms, measure: 3s, drain: 500ms}
            matrix:
              - {%s, protocol: %s, connections: %d, rate: %d}
            """
                .formatted(CURES, protocol, callers, 100 * callers));
    for (Cell cell : run.cells()) {
      Recycling set = cell.cure().recycling().orElseThrow();
      Jitter jitter = law.isEmpty() ? set.jitter() : law.getFirst();
      for (int i = 1; i <= 2; i++) {
        List<double[]> lives = lives(random, protocol, jitter, set.percent() / 100.0, callers);
        lives.sort((a, b) -> Double.compare(a[0], b[0]));
        TestRepetition r = run.repetition(cell).connections(drawn(pods, lives.size()));
        int[] next = {0};
        r.ledger(row -> {
          double[] life = lives.get(next[0]++);
          return TestRows.lived(
              row, Death.RETIRED, life[0], life[1], life[0] + life[1], life[0] + life[1] - 1);
        });
      }
    }
    return Analysis.of(run.read());
  }

  /** When each connection was opened, and how long it lived, with a use each 10 ms. */
  private static List<double[]> lives(
      SplittableRandom random, String protocol, Jitter law, double amount, int callers) {
    List<double[]> lives = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      double born = -100 + 80 * random.nextDouble();
      while (born < LENGTH_MS) {
        double late = 10 * random.nextDouble() + (protocol.equals("http1") ? 10 : 0);
        double life = 1000 * law.factor(random.nextDouble(), amount) + late;
        lives.add(new double[] {born, life});
        born += life;
      }
    }
    return lives;
  }

  private static long[] drawn(SplittableRandom random, int connections) {
    long[] byPod = new long[4];
    for (int i = 0; i < connections; i++) {
      byPod[random.nextInt(byPod.length)]++;
    }
    return byPod;
  }

  private static List<Fit> fits(Analysis run) {
    return run.cures().stream().map(CureRow::onHerd).flatMap(h -> h.herdFit().stream()).toList();
  }

  private static List<Finding> herds(Analysis run) {
    return FindingSource.findings(run).stream().filter(f -> f.id().startsWith("herd-")).toList();
  }

  private CsvText checked(Analysis run) throws IOException {
    DerivedTables.write(run);
    CsvText text = CsvText.read(folder);
    new OfHerds(new Facts(text)).areTheRows();
    Oracle oracle = new Oracle(text, Optional.empty());
    herds(run).forEach(oracle::check);
    Answer answer = Answer.of(run);
    oracle.check(answer);
    assertThat(answer.verdict()).startsWith("Of connections that began together were opened anew");
    PageText.of(Page.of(run)).stream()
        .filter(t -> t.section().equals("cures"))
        .forEach(oracle::check);
    return text;
  }

  @Test
  void herdsOfTheirOwnLawsAgreeWithTheory() throws IOException {
    Analysis run = run("http2", List.of(), 100);
    assertThat(fits(run)).hasSize(4).containsOnly(Fit.AGREES);
    CsvText text = checked(run);
    for (Finding f : herds(run)) {
      Finding wrong = Oracle.saying(f, f.text().replace(" a second were", "1 a second were"));
      Oracle oracle = new Oracle(text, Optional.empty());
      assertThat(catchThrowable(() -> oracle.check(wrong))).isNotNull();
    }
  }

  /** Who sends HTTP/1.1's last request connects for the next one, a use later. */
  @Test
  void aConnectionOfHttp1IsOpenedAUseLater() throws IOException {
    Analysis run = run("http1", List.of(), 100);
    assertThat(fits(run)).hasSize(4).containsOnly(Fit.AGREES);
    checked(run);
  }

  @Test
  void otherJitterThanIsSetIsFound() throws IOException {
    Analysis none = run("http2", List.of(Jitter.NONE), 100);
    assertThat(fits(none)).containsExactly(Fit.AGREES, Fit.DIFFERS, Fit.DIFFERS, Fit.DIFFERS);
    checked(none);
  }

  @Test
  void jitterIsFoundWhereNoneIsSet() throws IOException {
    Analysis grpc = run("http2", List.of(Jitter.GRPC), 100);
    assertThat(fits(grpc)).containsExactly(Fit.DIFFERS, Fit.AGREES, Fit.DIFFERS, Fit.DIFFERS);
    checked(grpc);
  }

  @Test
  void fewConnectionsTellNothing() throws IOException {
    Analysis few = run("http2", List.of(), 4);
    assertThat(fits(few)).contains(Fit.CANNOT_TELL).doesNotContain(Fit.DIFFERS);
    checked(few);
  }
}
