package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Figure;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.NewPodRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a run says in its heading in which every cell weighs a cure against others, of what its
 * section on cures says: which is best in each case and what it takes of the CPU, where the skew of
 * a pool of proxies is, and how long pods that joined had no connection.
 */
final class CureHeading {
  private static final int CASES = 3;
  private static final int LISTED = 6;

  private CureHeading() {}

  /**
   * None where a cell is not weighed, an event was cut short, so that there is more to say, or
   * nothing can be told.
   */
  static Optional<Sentence> of(Analysis run) {
    List<CellResults> cells = run.results().measured();
    if (!cells.stream().allMatch(c -> run.cure(c).isPresent())
        || cells.stream().anyMatch(CutShort::in)) {
      return Optional.empty();
    }
    List<Sentence> parts = new ArrayList<>();
    part(
        parts,
        "{each}.",
        Arrays.stream(CureCase.values())
            .flatMap(which -> WeighedCures.of(run, which).stream())
            .map(w -> of(run, w))
            .toList(),
        CASES);
    part(
        parts,
        "Of proxies behind a Service {each}.",
        cells.stream().flatMap(c -> pool(run, c).stream()).toList(),
        LISTED);
    part(
        parts,
        "Pods that joined had their first connection {each}.",
        cells.stream().flatMap(c -> joined(run, c).stream()).toList(),
        LISTED);
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(Sentence.of("{parts}").withAll("parts", parts, " "));
  }

  private static void part(List<Sentence> parts, String template, List<Sentence> each, int most) {
    if (!each.isEmpty()) {
      parts.add(Sentence.of(template).withSome("each", each, most));
    }
  }

  private static Sentence of(Analysis run, WeighedCures weighed) {
    CureCase which = weighed.which();
    if (!weighed.differ()) {
      return Sentence.of("{case}, {measure}: none of {n} differs ({least} to {greatest})")
          .with("case", which.title())
          .with("measure", which.measure())
          .with("n", weighed.size())
          .with("least", figure(which, weighed.best().getFirst()))
          .with("greatest", figure(which, weighed.best().getLast()));
    }
    return Sentence.of("{case}, {measure}: {best}{as-good}{most}")
        .with("case", which.title())
        .with("measure", which.measure())
        .with("best", of(run, which, weighed.best().getFirst()))
        .with("as-good", " ", Sentence.ifAny(weighed.best().size() - 1, "({n} more as good)"))
        .with("most", ", up to ", Optional.of(of(run, which, weighed.others().getLast())));
  }

  private static Sentence figure(CureCase which, WeighedCures.Measured measured) {
    return Sentence.of("{figure}")
        .with("figure", which.text(measured.figure()), new Figure.Value(measured.figure().value()));
  }

  private static Sentence of(Analysis run, CureCase which, WeighedCures.Measured measured) {
    return Sentence.of("{figure} with {cure}{cpu}")
        .with("figure", which.text(measured.figure()), new Figure.Value(measured.figure().value()))
        .with("cure", measured.cell(), which.numbered(measured.cell()))
        .with(
            "cpu",
            run.cure(measured.cell())
                .map(row -> row.cpu().all())
                .filter(Double::isFinite)
                .map(ns -> Sentence.of(", {time} of CPU a request").withTime("time", ns)));
  }

  private static Optional<Sentence> pool(Analysis run, CellResults cell) {
    return ProxyPoolFindings.of(run, cell)
        .map(pool ->
            Sentence.of(
                    "the busiest of {proxies} had {found} times the mean of connections, where a fair"
                        + " draw has {expected}, and the busiest pod {pod} times the mean of requests"
                        + " with {cure}")
                .with("proxies", Math.round(pool.proxies().proxiesCount()))
                .with("found", pool.proxies().busiestProxyOverMean())
                .with("expected", pool.proxies().busiestProxyExpected())
                .with("pod", pool.pods().high())
                .with("cure", cell, name(cell)));
  }

  private static Optional<Sentence> joined(Analysis run, CellResults cell) {
    List<NewPodRow> pods =
        CureCase.AUTOSCALING.holds(cell) && cell.cell().route().pins()
            ? run.around().newPods().stream()
                .filter(p -> p.at().cellId().equals(cell.id()))
                .toList()
            : List.of();
    long never = pods.stream().filter(p -> Double.isNaN(p.firstConnectionAfterMs())).count();
    return Span.of(pods, NewPodRow::watchedMs)
        .map(watched ->
            Span.of(pods, NewPodRow::firstConnectionAfterMs)
                .map(after ->
                    Sentence.of("after {after}{never} with {cure}")
                        .withMillis("after", after)
                        .with("never", Sentence.ifAny(never, ", {n} of them never,")))
                .orElseGet(() ->
                    Sentence.of("never in {watched} with {cure}").withMillis("watched", watched))
                .with("cure", cell, name(cell)));
  }

  private static String name(CellResults cell) {
    return CureFindings.name(cell.cell()) + " (#" + cell.number() + ")";
  }
}
