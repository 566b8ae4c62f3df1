package dev.conntrail.experiment;

import dev.conntrail.dataplane.NodeProxy;
import dev.conntrail.result.row.CellRow;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The cells of a run, where they run, each as it effectively is: {@code iptables-backend: auto} is
 * what the kernel has that runs it.
 */
final class PlacedCells {
  private final Experiment experiment;
  private final boolean guest;
  private final Map<TestbedKind, Map<Cell, Cell>> effective = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * Places them.
   *
   * @param guest whether those of testbed uml run in another process, which knows its kernel
   */
  PlacedCells(Experiment experiment, Placement placement, boolean guest) {
    this.experiment = experiment;
    this.guest = guest;
    placement.cells().forEach(this::place);
  }

  /** Those of an experiment as it is to be run. */
  static PlacedCells of(Experiment experiment, RunOptions options) {
    return new PlacedCells(experiment, options.placement(), options.guest().isPresent());
  }

  private void place(TestbedKind testbed, List<Cell> cells) {
    Map<Cell, Cell> mine = new LinkedHashMap<>();
    Set<String> keys = new LinkedHashSet<>();
    for (Cell asked : cells) {
      Cell cell = resolved(testbed, asked);
      if (keys.add(cell.key())) {
        mine.put(asked, cell);
      } else {
        notes.add(
            "left out: a second cell that is, here, "
                + cell.title()
                + " ("
                + cell.id()
                + "), for the same is measured once");
      }
    }
    effective.put(testbed, mine);
  }

  /** On a cluster kube-proxy chooses; a guest's kernel is known within. */
  private Cell resolved(TestbedKind testbed, Cell cell) {
    boolean elsewhere = testbed.kubernetes() || (testbed == TestbedKind.UML && guest);
    return cell.plane().backend().isPresent() && !elsewhere
        ? cell.with(Axes.IPTABLES_BACKEND, NodeProxy.resolve(cell.backend()))
        : cell;
  }

  /** What was left out, and why. */
  List<String> notes() {
    return notes;
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

  /** Repetitions of all of them. */
  int tries() {
    return all().stream().mapToInt(c -> c.course().repetitions()).sum();
  }

  /** Leaves out the other cells of a testbed. */
  void keepOnly(TestbedKind testbed, List<Cell> cells) {
    effective.get(testbed).values().retainAll(cells);
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
