package dev.conntrail.experiment;

import dev.conntrail.result.row.CellRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The cells of a run, where they run, each as it effectively is. */
final class PlacedCells {
  private final Experiment experiment;
  private final Map<TestbedKind, Map<Cell, Cell>> effective = new LinkedHashMap<>();

  /** Those of an experiment as they were placed. */
  PlacedCells(Experiment experiment, Placement placement) {
    this.experiment = experiment;
    placement
        .cells()
        .forEach((testbed, cells) -> {
          Map<Cell, Cell> mine = new LinkedHashMap<>();
          cells.forEach(c -> mine.put(c.asked(), c.cell()));
          effective.put(testbed, mine);
        });
  }

  /** Those of an experiment as it is to be run. */
  static PlacedCells of(Experiment experiment, RunOptions options) {
    return new PlacedCells(experiment, options.placement());
  }

  /** Where cells run, in order. */
  List<TestbedKind> testbeds() {
    return List.copyOf(effective.keySet());
  }

  /** The cells of a testbed. */
  List<Cell> on(TestbedKind testbed) {
    return List.copyOf(effective.get(testbed).values());
  }

  /** The cells of a testbed as the experiment has them. */
  List<Cell> askedOn(TestbedKind testbed) {
    return List.copyOf(effective.get(testbed).keySet());
  }

  /** All of them. */
  List<Cell> all() {
    return effective.values().stream().flatMap(m -> m.values().stream()).toList();
  }

  /** Those that run on this machine's own kernel. */
  List<Cell> here() {
    return effective.entrySet().stream()
        .filter(e -> !e.getKey().kubernetes() && e.getKey() != TestbedKind.UML)
        .flatMap(e -> e.getValue().values().stream())
        .toList();
  }

  /** Repetitions of all of them. */
  int tries() {
    return all().stream().mapToInt(c -> c.course().repetitions()).sum();
  }

  /** Every cell is repeated so often. */
  void repeated(int times) {
    effective.values().forEach(cells -> cells.replaceAll((_, cell) -> cell.repeated(times)));
  }

  /** Takes the cells of a testbed, in order, as who ran them says they were. */
  void became(TestbedKind testbed, List<Cell> cells) {
    List<Cell> asked = askedOn(testbed);
    for (int i = 0; i < Math.min(asked.size(), cells.size()); i++) {
      effective.get(testbed).put(asked.get(i), cells.get(i));
    }
  }

  /** A row for each, numbered. */
  List<CellRow> rows(String run) {
    List<CellRow> rows = new ArrayList<>();
    effective.forEach((testbed, cells) ->
        cells.forEach((asked, cell) ->
            rows.add(CellRow.of(run, rows.size() + 1, block(asked), testbed, cell))));
    return rows;
  }

  private int block(Cell asked) {
    for (int i = 0; i < experiment.blocks().size(); i++) {
      if (experiment.blocks().get(i).contains(asked)) {
        return i + 1;
      }
    }
    return 0;
  }
}
