package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.spec.Cell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What one cause did in one cell, in all repetitions.
 *
 * @param place its place among the causes of a repetition, from 0
 * @param each what it did, by repetition
 */
public record Occurrence(CellResults cell, int place, Cause cause, List<Of> each) {
  /** What it did in one repetition. */
  public record Of(RepetitionResults repetition, EffectRow effect) {
    /** The change of the Service behind it; none for idleness. */
    public Optional<EventRow> event() {
      return repetition.events().stream()
          .filter(e ->
              effect.cause().event().equals(Optional.of(e.event()))
                  && e.begunMs() == effect.fromMs())
          .findFirst();
    }

    /** When endpoints joined by it; none for idleness. */
    public Optional<EventRow> joined() {
      return event()
          .flatMap(first ->
              repetition.events().stream()
                  .filter(e -> e.event() == first.event() && e.askedMs() == first.askedMs())
                  .filter(EventRow::adds)
                  .findFirst());
    }
  }

  private record Key(int place, Cause cause) {}

  /** Those of a cell, in order of time. */
  public static List<Occurrence> of(CellResults cell) {
    Map<Key, List<Of>> byPlace = new LinkedHashMap<>();
    for (RepetitionResults r : cell.repetitions()) {
      for (int place = 0; place < r.effects().size(); place++) {
        EffectRow effect = r.effects().get(place);
        byPlace
            .computeIfAbsent(new Key(place, effect.cause()), _ -> new ArrayList<>())
            .add(new Of(r, effect));
      }
    }
    List<Occurrence> all = new ArrayList<>();
    byPlace.forEach((key, each) -> all.add(new Occurrence(cell, key.place(), key.cause(), each)));
    return all;
  }

  /**
   * The same event in another cell on the same testbed: the same cause at the same place. Which
   * cell that is its key says, so that it may name what goes without saying.
   */
  Stream<Occurrence> in(Analysis run, Cell other) {
    String key = other.key();
    return run.results().measured().stream()
        .filter(c -> c.testbed() == cell.testbed() && c.cell().key().equals(key))
        .flatMap(c -> of(c).stream())
        .filter(o -> o.place() == place && o.cause().equals(cause));
  }

  /** The sum of a count over repetitions. */
  public long sum(ToLongFunction<EffectRow> count) {
    return each.stream().map(Of::effect).mapToLong(count).sum();
  }

  /** How far a figure spreads over repetitions; empty if none of them has it. */
  public Optional<Span> span(ToDoubleFunction<EffectRow> figure) {
    return Span.of(each.stream().map(Of::effect).mapToDouble(figure));
  }

  /** Open connections that broke. */
  public long broken() {
    return sum(e -> e.open().resetCount() + e.open().closedCount());
  }

  /** Whether it struck pods, and none that a connection was open on. */
  public boolean spared() {
    return each.stream()
        .map(Of::effect)
        .flatMap(e -> e.openStruckCount().stream())
        .reduce(Long::sum)
        .filter(struck -> struck == 0)
        .isPresent();
  }

  /** When clients saw that connections had broken, from the start of the cause, milliseconds. */
  public Optional<Span> noticed() {
    return span(EffectRow::noticeP50Ms);
  }

  /** What it shows, after the name of its data plane. */
  Sentence sentence(String template) {
    return Sentence.of("{variant}" + template).with("variant", cell, cell.cell().variant().text());
  }
}
