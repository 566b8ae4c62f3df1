package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;
import static dev.conntrail.report.block.Numbers.counted;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.result.row.Difference;
import dev.conntrail.result.row.DisagreementRow;
import dev.conntrail.result.row.SummaryRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether client, pods and kernel tell the same of connections. */
final class WitnessSection implements Section {
  private static final int SHOWN = 100;
  private static final List<Column> COLUMNS =
      List.of(
          Column.figures("#"),
          Column.words("cell"),
          Column.figures("repetition"),
          Column.words("client's end"),
          Column.words("ledger"),
          Column.words("pods"),
          Column.words("kernel"),
          Column.words("why"));

  @Override
  public String id() {
    return "witnesses";
  }

  @Override
  public String title() {
    return "Cross-check of three witnesses";
  }

  @Override
  public List<Block> blocks(Analysis run) {
    List<SummaryRow> rows =
        run.results().measured().stream()
            .flatMap(c -> c.repetitions().stream())
            .map(r -> r.summary())
            .toList();
    if (rows.isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>(List.of(new Block.Prose(sentence(rows))));
    List<DisagreementRow> differ = run.results().disagreements();
    if (!differ.isEmpty()) {
      blocks.add(
          Block.Table.of(
              "disagreements-table",
              "Connections on which the witnesses differ, as disagreements.csv lists them"
                  + (differ.size() > SHOWN
                      ? ": the first " + SHOWN + " of " + count(differ.size())
                      : ""),
              COLUMNS,
              differ.stream().limit(SHOWN).map(d -> fields(run, d)).toList()));
    }
    return blocks;
  }

  private static String sentence(List<SummaryRow> rows) {
    long compared = rows.stream().mapToLong(r -> r.crossCheck().rowsCount()).sum();
    long differ = rows.stream().mapToLong(r -> r.crossCheck().disagreementsCount()).sum();
    long kernel = rows.stream().filter(r -> r.crossCheck().kernel()).count();
    return "Of "
        + counted(compared, "connection")
        + " in "
        + counted((long) rows.size(), "repetition")
        + " the client's ledger and the pods' own counts were compared, pod and requests; the"
        + " kernel's table "
        + (kernel == 0
            ? "could be asked in none"
            : kernel == rows.size()
                ? "was asked in all of them"
                : "was asked in " + count(kernel) + " of these repetitions")
        + ". They differ on "
        + (differ == 0 ? "none" : count(differ))
        + ".";
  }

  private static List<Field> fields(Analysis run, DisagreementRow d) {
    Optional<CellLink> cell = run.results().cell(d.at().cellId()).map(CellLink::to);
    return List.of(
        cell.map(c -> Field.of(Integer.toString(c.number()), c.number()).withLink(c))
            .orElse(Field.of("")),
        Field.of(cell.map(CellLink::title).orElse(d.at().cellId().word())),
        Field.of(Integer.toString(d.at().repetition())),
        Field.of(d.localAddress() + ":" + d.localPort()),
        Field.of(d.ledgerPod().orElse("")),
        Field.of(d.echoPod().orElse("")),
        Field.of(d.kernelPod().orElse("")),
        Field.of(d.differences().stream().map(Difference::word).collect(Collectors.joining(", "))));
  }
}
