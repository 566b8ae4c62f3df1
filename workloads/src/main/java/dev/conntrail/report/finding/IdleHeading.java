package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.row.Cause;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.Setting;
import dev.conntrail.spec.Variant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one sentence of a run that is about idleness: how many idle connections each data plane lost,
 * with and without what clients send to keep them.
 */
final class IdleHeading {
  private static final int LISTED = 3;

  /** What clients send on idle connections, and how often if that was set. */
  private record Kept(KeepAlive keepAlive, Optional<Integer> interval) {
    static Kept of(Cell cell) {
      KeepAlive keepAlive = cell.keepAlive();
      return new Kept(
          keepAlive,
          keepAlive == KeepAlive.NONE ? Optional.empty() : cell.find(Setting.KEEP_ALIVE_INTERVAL));
    }

    String words() {
      if (keepAlive == KeepAlive.NONE) {
        return "without a keep-alive";
      }
      return "with keep-alive "
          + keepAlive.word()
          + (interval.isPresent()
              ? " every " + Setting.KEEP_ALIVE_INTERVAL.text(interval.get())
              : "");
    }
  }

  /** Of a data plane: its cells by what clients sent. */
  private record Lost(Variant variant, Map<Kept, List<Occurrence>> by) {
    List<Occurrence> all() {
      return by.values().stream().flatMap(List::stream).toList();
    }

    long lost() {
      return lost(all());
    }

    static long lost(List<Occurrence> some) {
      return open(some) - some.stream().mapToLong(o -> o.sum(e -> e.open().keptCount())).sum();
    }

    static long open(List<Occurrence> some) {
      return some.stream().mapToLong(o -> o.sum(e -> e.open().count())).sum();
    }

    Sentence sentence() {
      List<Sentence> parts = new ArrayList<>();
      if (lost() == 0) {
        parts.add(part(all(), ""));
      } else {
        by.forEach((kept, some) -> parts.add(part(some, kept.words())));
      }
      return Sentence.of("{variant} lost {parts}")
          .with("variant", all().getFirst().cell(), variant.text())
          .withList("parts", parts);
    }

    private static Sentence part(List<Occurrence> some, String how) {
      Sentence part =
          Sentence.of(how.isEmpty() ? "{lost} of {open}" : "{lost} of {open} {how}")
              .withAny("lost", lost(some))
              .with("open", open(some));
      return how.isEmpty() ? part : part.withName("how", how);
    }
  }

  private IdleHeading() {}

  /** None if no connection was open while it was idle. */
  static Optional<Sentence> of(Analysis run) {
    Map<Variant, Map<Kept, List<Occurrence>>> variants = new LinkedHashMap<>();
    run.results().measured().stream()
        .flatMap(c -> Occurrence.of(c).stream())
        .filter(o -> o.cause().equals(Cause.IDLE) && o.sum(e -> e.open().count()) > 0)
        .forEach(o ->
            variants
                .computeIfAbsent(o.cell().cell().variant(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(Kept.of(o.cell().cell()), _ -> new ArrayList<>())
                .add(o));
    List<Sentence> each =
        variants.entrySet().stream()
            .map(e -> new Lost(e.getKey(), e.getValue()))
            .sorted(Comparator.comparing(l -> l.lost() == 0))
            .map(Lost::sentence)
            .toList();
    return each.isEmpty()
        ? Optional.empty()
        : Optional.of(Sentence.of("Of idle connections {each}.").withSome("each", each, LISTED));
  }
}
