package dev.conntrail.analysis.around;

import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.NewPodRow;
import dev.conntrail.result.row.RecoveryRow;
import dev.conntrail.result.row.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was seen around the events of a run.
 *
 * @param windows requests before, during and after each
 * @param newPods what those got that joined
 * @param recoveries how each was come through
 */
public record Around(
    List<AroundRow> windows, List<NewPodRow> newPods, List<RecoveryRow> recoveries) {
  /** Of a run without events. */
  public static final Around NOTHING = new Around(List.of(), List.of(), List.of());

  /** Works it out; repetitions whose pods were not counted over time are left out. */
  public static Around of(RunResults run) {
    if (run.measured().stream().allMatch(c -> c.cell().course().events().isEmpty())) {
      return NOTHING;
    }
    Map<At, List<ConnectionRow>> ledger =
        run.connections().stream().collect(Collectors.groupingBy(ConnectionRow::at));
    Around all = new Around(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (CellResults cell : run.measured()) {
      for (RepetitionResults r : cell.repetitions()) {
        if (!r.events().isEmpty() && !r.pods().isEmpty() && !r.podsOverTime().isEmpty()) {
          all.add(
              new Watched(cell.cell(), r, ledger.getOrDefault(r.summary().at(), List.of())),
              Happened.of(r.events()));
        }
      }
    }
    return all;
  }

  /** The second after each event of a cell. */
  public List<AroundRow> after(CellResults cell) {
    return windows.stream()
        .filter(w -> w.at().cellId().equals(cell.id()) && w.window() == Window.AFTER)
        .toList();
  }

  private void add(Watched seen, List<Happened> events) {
    for (Happened h : events) {
      windows.addAll(Windows.of(seen, h));
      newPods.addAll(NewPods.of(seen, h));
      recoveries.add(Recovery.of(seen, h));
    }
  }
}
