package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.spec.CellId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What pods get that join a Service while load runs. */
final class ScaleOutFindings implements FindingSource {
  private static final double PCT = 100;

  @Override
  public List<Finding> of(Analysis run) {
    Map<CellId, List<ConnectionRow>> ledger = run.results().connectionsByCell();
    return Occurrences.of(run, o -> o.cause().adds()).stream()
        // what tells of new connections comes first
        .sorted(Comparator.comparing(group -> opened(group) == 0))
        .map(group -> finding(group, ledger))
        .toList();
  }

  private static long opened(Occurrences group) {
    return group.each().stream().mapToLong(e -> e.effect().opened().count()).sum();
  }

  private static Finding finding(Occurrences group, Map<CellId, List<ConnectionRow>> ledger) {
    List<EventRow> events = group.each().stream().flatMap(e -> e.joined().stream()).toList();
    return group.finding(
        Rank.SCALE_OUT,
        "scale-out",
        group
            .sentence(
                """
                Scale-out ({where}){joined}: of the connections opened afterwards the new pods got:
                {each}{share}.{stayed}
                """,
                ScaleOutFindings::each)
            .with("joined", joined(events))
            .with("share", share(events))
            .with("stayed", " ", stayed(group, ledger)),
        group.evidence(
            "effects.csv, events.csv, connections.csv",
            "opened_count, opened_to_added_count, from_ms; pods_count, endpoints_count; born_ms,"
                + " lived_ms, strays_count",
            "opened: connections whose first packet was sent after the last node's rules had changed;"
                + " lowest to highest over repetitions"));
  }

  private static Optional<Sentence> joined(List<EventRow> events) {
    Optional<Span> pods = Span.of(events, EventRow::podsCount);
    Optional<Span> before = Span.of(events, e -> e.endpointsCount() - e.podsCount());
    return pods.isEmpty() || before.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Sentence.of(", {joining} joining {before}")
                .with("joining", pods.get())
                .with("before", before.get()));
  }

  private static Sentence each(Occurrence o) {
    long opened = o.sum(e -> e.opened().count());
    return o.span(ScaleOutFindings::toAddedPct)
        .map(pct -> o.sentence(" {added} % of {opened}").with("added", pct).with("opened", opened))
        .orElseGet(() -> o.sentence(" nothing, for none was opened"));
  }

  /** Not a number if none was opened. */
  private static double toAddedPct(EffectRow e) {
    return PCT * e.opened().toAddedCount() / e.opened().count();
  }

  private static Optional<Sentence> share(List<EventRow> events) {
    return Span.of(events, e -> PCT * e.podsCount() / e.endpointsCount())
        .map(equal -> Sentence.of("; an equal share is {equal} %").with("equal", equal));
  }

  /** Whether connections that were open had replies from two pods. */
  private static Optional<Sentence> stayed(
      Occurrences group, Map<CellId, List<ConnectionRow>> ledger) {
    List<ConnectionRow> open =
        group.each().stream()
            .flatMap(e ->
                ledger.getOrDefault(e.effect().at().cellId(), List.of()).stream()
                    .filter(c -> c.at().equals(e.effect().at()))
                    .filter(c -> c.openAt(e.effect().fromMs())))
            .toList();
    if (open.isEmpty()) {
      return Optional.empty();
    }
    long moved = open.stream().filter(c -> c.straysCount() > 0).count();
    return Optional.of(
        Sentence.of("Of {open} open before, {strays} had a reply from another pod than the first.")
            .with("open", open.size(), "connection")
            .withAny("strays", moved));
  }
}
