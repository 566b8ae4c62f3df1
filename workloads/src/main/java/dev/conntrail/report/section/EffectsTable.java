package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;

import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.Occurrence;
import dev.conntrail.report.finding.Span;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.EffectRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** What changes and idleness did to connections: a row a cell and cause, all repetitions. */
final class EffectsTable {
  private static final List<Column> COLUMNS =
      List.of(
          Column.figures("#"),
          Column.words("cell"),
          Column.words("cause").explained("what was changed of the Service, or that it was idle"),
          Column.figures("open then").explained("connections that were open when it began"),
          Column.figures("went on")
              .explained("of these, answered what was sent after it had ended, and not broken"),
          Column.figures("reset"),
          Column.figures("closed").explained("by the pod's side, or broken otherwise"),
          Column.figures("unanswered")
              .explained("nothing sent after was answered; neither broken nor ended by the client"),
          Column.figures("failures")
              .explained("of requests and of connects, from the second in which it began on"),
          Column.figures("noticed after, ms")
              .explained(
                  "from its start until the client saw a connection broken: the repetitions'"
                      + " medians, and the longest of all"),
          Column.figures("on leaving pods, went on")
              .explained("of the open connections on pods that it took out"),
          Column.figures("opened later").explained("connections whose opening began after its end"),
          Column.figures("to added pods"),
          Column.figures("to removed pods"),
          Column.figures("served, unheard")
              .explained(
                  "requests that a pod served from its start on, and of whose answer the client does"
                      + " not know: sent again, as by a library that retries, they are done twice;"
                      + " empty where no pod told"),
          Column.figures("ends that moved")
              .explained(
                  "clients' addresses and ports that were used again after it, whose pod had stayed:"
                      + " how many came to another pod"));

  private EffectsTable() {}

  /** A table of some cells; they have effects. */
  static Block of(String id, List<CellResults> cells) {
    List<Block.Row> rows =
        cells.stream()
            .flatMap(c -> Occurrence.of(c).stream())
            .map(o -> new Block.Row(fields(o), java.util.Optional.empty()))
            .toList();
    return new Block.Table(
        id,
        "What changes and idleness did to connections: counts of all repetitions of a cell together",
        COLUMNS,
        rows,
        cells.size() > 1);
  }

  private static List<Field> fields(Occurrence o) {
    CellResults cell = o.cell();
    List<Field> fields = new ArrayList<>();
    fields.add(
        Field.of(Integer.toString(cell.number()), cell.number()).withLink(CellLink.to(cell)));
    fields.add(Field.of(cell.title()));
    fields.add(Field.of(o.cause().toString()));
    fields.add(sum(o, e -> e.open().count()));
    fields.add(sum(o, e -> e.open().keptCount()));
    fields.add(sum(o, e -> e.open().resetCount()));
    fields.add(sum(o, e -> e.open().closedCount()));
    fields.add(sum(o, e -> e.open().unansweredCount()));
    fields.add(sum(o, EffectRow::failuresCount));
    fields.add(noticed(o));
    fields.add(part(o, e -> e.leaving().keptCount(), e -> e.leaving().count()));
    fields.add(sum(o, e -> e.opened().count()));
    fields.add(sum(o, e -> e.opened().toAddedCount()));
    fields.add(sum(o, e -> e.opened().toRemovedCount()));
    fields.add(unheard(o));
    fields.add(part(o, e -> e.ports().movedCount(), e -> e.ports().againCount()));
    return fields;
  }

  private static Field sum(Occurrence o, ToLongFunction<EffectRow> figure) {
    long sum = o.sum(figure);
    return Field.of(count(sum), (double) sum);
  }

  private static Field part(
      Occurrence o, ToLongFunction<EffectRow> part, ToLongFunction<EffectRow> all) {
    long whole = o.sum(all);
    return whole == 0
        ? Field.of("")
        : Field.of(count(o.sum(part)) + " of " + count(whole), (double) o.sum(part));
  }

  private static Field unheard(Occurrence o) {
    return o.each().stream()
        .flatMap(e -> e.effect().unheardCount().stream())
        .reduce(Long::sum)
        .map(n -> Field.of(count(n), (double) n))
        .orElse(Field.of(""));
  }

  private static Field noticed(Occurrence o) {
    return o.span(EffectRow::noticeP50Ms)
        .map(s ->
            Field.of(
                s.text()
                    + "; "
                    + o.span(EffectRow::noticeMaxMs)
                        .map(Span::high)
                        .map(Numbers::number)
                        .orElse(""),
                s.low()))
        .orElse(Field.of(""));
  }
}
