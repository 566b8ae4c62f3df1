package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How unequally pods were loaded, where their connections are drawn and nothing is brought about.
 */
final class EvennessFinding implements FindingSource {
  /** Busiest pod over mean, of cells of one kind. */
  private record Part(Span busiest, int cells, String kind) {
    static Optional<Part> of(List<Judged> all, Predicate<Cell> which, String kind) {
      List<Judged> some =
          all.stream()
              .filter(j -> which.test(j.cell().cell()))
              .filter(j -> Double.isFinite(j.verdict().maxOverMean()))
              .toList();
      return Span.of(some, j -> j.verdict().maxOverMean())
          .map(span -> new Part(span, some.size(), kind));
    }

    Sentence sentence() {
      return Sentence.of("{span} with {kind} ({cells})")
          .with("span", busiest)
          .with("kind", kind)
          .with("cells", cells, "cell");
    }
  }

  @Override
  public List<Finding> of(Analysis run) {
    List<Judged> all =
        Judged.of(run, Unit.REQUESTS).stream()
            .filter(j -> j.drawn() && !j.cell().cell().provoking())
            .toList();
    Optional<Part> kept = Part.of(all, EvennessFinding::longLived, "long-lived connections");
    Optional<Part> shared =
        Part.of(
            all,
            c -> c.protocol().longLived() && c.pooling() == Pooling.SHARED,
            "one client object that all callers share");
    Optional<Part> fresh =
        Part.of(all, c -> !c.protocol().longLived(), "a new connection for each request");
    List<Part> parts = new ArrayList<>();
    kept.ifPresent(parts::add);
    shared.ifPresent(parts::add);
    fresh.ifPresent(parts::add);
    return parts.isEmpty() ? List.of() : List.of(finding(headline(run, all), parts));
  }

  /** Cell by cell against its control, so that nothing but the protocol and connections differ. */
  private static Optional<Sentence> headline(Analysis run, List<Judged> all) {
    int compared = 0;
    int less = 0;
    for (Judged j : all) {
      Optional<VerdictRow> control =
          Controls.of(run, j.cell())
              .flatMap(c -> run.verdict(c, Unit.REQUESTS))
              .filter(v -> Double.isFinite(v.maxOverMean()));
      if (longLived(j.cell().cell())
          && Double.isFinite(j.verdict().maxOverMean())
          && control.isPresent()) {
        compared++;
        less += j.verdict().maxOverMean() > control.get().maxOverMean() ? 1 : 0;
      }
    }
    return compared == 0
        ? Optional.empty()
        : Optional.of(
            Sentence.of(
                    """
                    In {less} of {compared} with long-lived connections pods were loaded less evenly
                    than with a new connection for each request through the same data plane.
                    """)
                .with("less", less)
                .with("compared", compared, "cell"));
  }

  private static boolean longLived(Cell c) {
    return c.protocol().longLived() && c.pooling() == Pooling.DEDICATED;
  }

  private static Finding finding(Optional<Sentence> headline, List<Part> parts) {
    return Rank.EVENNESS.finding(
        "evenness",
        Tone.PLAIN,
        Sentence.of(
                (headline.isPresent() ? "{headline} " : "{headline}")
                    + "Requests of the busiest pod over the mean: {parts}.")
            .with("headline", headline)
            .withList("parts", parts.stream().map(Part::sentence).toList()),
        Evidence.of(
            "verdicts.csv",
            "max_over_mean of unit requests",
            "requests of the busiest pod over the mean, all repetitions together, lowest to highest"
                + " over cells; not tested, for requests follow their connection",
            Numbers.counted(parts.stream().mapToInt(Part::cells).sum(), "cell")));
  }
}
