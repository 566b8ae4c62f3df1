package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Mark;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Pooling;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a request takes on a connection of its own, against one on a kept connection. */
final class PriceFinding implements FindingSource {
  /** Two cells that differ in that alone. */
  private record Pair(Repeated kept, Repeated fresh) {
    double ratio() {
      return fresh.median() / kept.median();
    }

    /** Whether most of its repetitions say how busy this machine was. */
    boolean busy() {
      return busy(kept.cell()) || busy(fresh.cell());
    }

    private static boolean busy(CellResults cell) {
      long busy =
          cell.repetitions().stream()
              .map(r -> r.summary())
              .filter(s ->
                  s.marked(Mark.CLIENT_SHORT_OF_CPU)
                      || s.marked(Mark.RATE_MISSED)
                      || s.marked(Mark.STEAL))
              .count();
      return 2 * busy > cell.repetitions().size();
    }
  }

  @Override
  public List<Finding> of(Analysis run) {
    List<Pair> all =
        run.results().measured().stream()
            .filter(c -> c.cell().plain() && !c.cell().protocol().longLived())
            .flatMap(fresh -> pair(run, fresh))
            .toList();
    List<Pair> telling = all.stream().filter(p -> !p.busy()).toList();
    if (all.isEmpty()) {
      return List.of();
    }
    return List.of(
        telling.isEmpty() ? unknown(all) : finding(telling, all.size() - telling.size()));
  }

  /** The cell that differs in the protocol alone, with its times. */
  private static Stream<Pair> pair(Analysis run, CellResults fresh) {
    Optional<Repeated> time = Repeated.of(fresh, s -> s.response().exactP50Ns());
    return run.results().measured().stream()
        .filter(c ->
            c.testbed() == fresh.testbed()
                && c.cell().pooling() == Pooling.DEDICATED
                && c.cell()
                    .protocol()
                    .control()
                    .filter(p -> c.cell().with(Axes.PROTOCOL, p).id().equals(fresh.id()))
                    .isPresent())
        .flatMap(kept -> Repeated.of(kept, s -> s.response().exactP50Ns()).stream())
        .flatMap(kept -> time.stream().map(t -> new Pair(kept, t)));
  }

  private static Finding finding(List<Pair> pairs, int left) {
    return Rank.PRICE.finding(
        "price",
        Tone.PLAIN,
        Sentence.of(
                """
                A request on a new connection took {ratio} times as long as one on a kept connection
                ({fresh} against {kept}, medians; {pairs} of cells that differ in that alone{left}).
                """)
            .with("ratio", Span.of(pairs, Pair::ratio).orElseThrow())
            .withTime("fresh", Span.of(pairs, p -> p.fresh().median()).orElseThrow())
            .withTime("kept", Span.of(pairs, p -> p.kept().median()).orElseThrow())
            .with("pairs", pairs.size(), "pair")
            .with(
                "left",
                Sentence.ifAny(left, ", without {n} that {busy}")
                    .map(s -> s.with("busy", busy(left)))),
        evidence(pairs));
  }

  private static String busy(int pairs) {
    return pairs == 1
        ? "says more about how busy the machine was"
        : "say more about how busy the machine was";
  }

  private static Finding unknown(List<Pair> all) {
    return Rank.PRICE.finding(
        "price",
        Tone.UNKNOWN,
        Sentence.of(
                """
                What a new connection for each request costs cannot be told: most repetitions of
                {pairs} of cells that compare are marked, and say more about how busy the machine
                was.
                """)
            .with("pairs", all.size(), "pair"),
        evidence(all));
  }

  private static Evidence evidence(List<Pair> pairs) {
    return Evidence.of(
            "summary.csv",
            "response_p50_ns, marks",
            "the median of the repetitions' medians of a short-lived cell over that of the http1 cell"
                + " with the same data plane, load and pods, lowest to highest over pairs; left out:"
                + " most repetitions marked client-short-of-cpu, rate-missed or cpu-stolen",
            Numbers.counted(
                pairs.stream()
                    .mapToInt(p -> p.kept().repetitions() + p.fresh().repetitions())
                    .sum(),
                "repetition"))
        .at(CellLink.to(pairs.getFirst().fresh().cell()));
  }
}
