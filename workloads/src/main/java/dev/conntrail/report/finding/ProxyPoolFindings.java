package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.result.row.Fit;
import dev.conntrail.result.row.Unit;
import java.util.List;
import java.util.Optional;

/** Proxies behind a Service of their own are skewed themselves: where the skew went. */
public final class ProxyPoolFindings implements FindingSource {
  /**
   * A pool, and what its pods got.
   *
   * @param pods requests of the busiest over the mean, by repetition
   */
  record Pool(CellResults cell, CureRow.OnProxies proxies, Span pods) {}

  @Override
  public List<Finding> of(Analysis run) {
    return run.results().measured().stream()
        .flatMap(c -> of(run, c).stream())
        .map(ProxyPoolFindings::finding)
        .toList();
  }

  /** That of a cell in which nothing happens; empty where there is none. */
  static Optional<Pool> of(Analysis run, CellResults cell) {
    return run.cure(cell)
        .filter(_ -> cell.cell().course().uneventful())
        .map(CureRow::onProxies)
        .filter(p -> p.proxiesFit().isPresent())
        .flatMap(p ->
            CureCase.busiestOverMean(cell, Unit.REQUESTS).map(pods -> new Pool(cell, p, pods)));
  }

  private static Finding finding(Pool pool) {
    CellResults cell = pool.cell();
    return Rank.CURE.finding(
        "proxies-" + cell.id(),
        Tone.PLAIN,
        text(cell, pool.proxies(), pool.pods()),
        Evidence.of(
                "cures.csv, distribution.csv",
                "busiest_proxy_over_mean, busiest_proxy_expected, proxies_p_adjusted,"
                    + " requests_count",
                "of proxies the mean over repetitions, tested against equal shares; of"
                    + " pods the worst repetition",
                Numbers.counted((long) cell.counted().size(), "repetition"))
            .at(CellLink.to(cell)));
  }

  private static Sentence text(CellResults cell, CureRow.OnProxies proxies, Span pods) {
    return Sentence.of(
            "Proxies behind a Service of their own ({cell}): the busiest of {proxies} had {found} times the"
                + " mean of connections, where a fair draw has {expected} on average ({fit}); the busiest"
                + " pod had {pod} times the mean of requests.")
        .with("cell", cell)
        .with("proxies", Math.round(proxies.proxiesCount()))
        .with("found", proxies.busiestProxyOverMean())
        .with("expected", proxies.busiestProxyExpected())
        .with("fit", words(proxies.proxiesFit().orElseThrow()))
        .with("pod", pods.high());
  }

  private static String words(Fit fit) {
    return switch (fit) {
      case AGREES -> "the counts agree with a draw";
      case DIFFERS -> "the counts differ from a draw";
      case CANNOT_TELL -> "too few connections to tell";
    };
  }
}
