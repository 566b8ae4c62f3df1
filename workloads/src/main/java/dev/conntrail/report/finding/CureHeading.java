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
  private static final int LISTED = 3;

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
            .map(CureHeading::of)
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

  private static Sentence of(WeighedCures weighed) {
    CureCase which = weighed.which();
    if (!weighed.differ()) {
      return Sentence.of("{case}: none of {n} is better ({measure}: {least} to {greatest})")
          .with("case", which.title())
          .with("measure", which.measure())
          .with("n", weighed.size())
          .with("least", figure(which, weighed.best().getFirst()))
          .with("greatest", figure(which, weighed.best().getLast()));
    }
    WeighedCures.Measured best = weighed.best().getFirst();
    WeighedCures.Measured last = weighed.others().getLast();
    return Sentence.of("{case}: best is {best}{as-good}, last {last} ({measure}{cpu})")
        .with("case", which.title())
        .with("measure", which.measure())
        .with("best", cured(which, best))
        .with("as-good", " ", Sentence.ifAny(weighed.best().size() - 1, "({n} more as good)"))
        .with("last", cured(which, last))
        .with("cpu", cpu(best.cell(), last.cell()));
  }

  private static Sentence figure(CureCase which, WeighedCures.Measured measured) {
    return Sentence.of("{figure}")
        .with("figure", which.text(measured.figure()), new Figure.Value(measured.figure().value()));
  }

  private static Sentence cured(CureCase which, WeighedCures.Measured measured) {
    return Sentence.of("{cure} with {figure}")
        .with("cure", measured.cell(), which.numbered(measured.cell()))
        .with("figure", which.text(measured.figure()), new Figure.Value(measured.figure().value()));
  }

  /** What both take of the CPU, with what is to be said against telling them apart by that. */
  private static Optional<Sentence> cpu(CellResults best, CellResults last) {
    return CpuFigure.range(best)
        .flatMap(a ->
            CpuFigure.range(last)
                .map(b ->
                    Sentence.of(", CPU a request {best} and {last}" + doubt(best, a, last, b))
                        .withTime("best", a)
                        .withTime("last", b)));
  }

  private static String doubt(CellResults a, Span ofA, CellResults b, Span ofB) {
    if (Math.min(a.repetitions().size(), b.repetitions().size()) < 2) {
      return ", of one repetition, which cannot tell them apart";
    }
    return ofA.low() <= ofB.high() && ofB.low() <= ofA.high() ? ", which cannot be told apart" : "";
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
