package dev.conntrail.analysis.cure;

import dev.conntrail.analysis.around.Happened;
import dev.conntrail.analysis.theory.OpenedAnew;
import dev.conntrail.analysis.theory.ScaleOut;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.NewShareRow;
import dev.conntrail.spec.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which share of a cell's connections is on pods that joined, moment by moment: one that was open
 * when they had joined stays where it is until theory has it opened anew, and draws from all pods
 * from then on.
 */
final class NewShares {
  /** So many stretches of the measure phase are looked at. */
  private static final int STRETCHES = 20;

  private static final double PCT = 100;
  private static final double MS_PER_S = 1000;

  /**
   * A connection that was open when pods had joined.
   *
   * @param agedS its age then
   * @param onNew 1 if it was on one of them already, else 0
   * @param drawn probability that it is once it has been opened anew
   */
  private record Old(double agedS, double onNew, double drawn) {
    double onNewBy(OpenedAnew theory, double afterS) {
      return onNew + theory.by(agedS, afterS) * (drawn - onNew);
    }
  }

  /** Connections of a repetition that lead to pods, and pods that joined at some time. */
  private record Seen(double fromMs, Set<String> added, List<ConnectionRow> ledger) {}

  private final CellResults cell;
  private final Renewed renewed;
  private final List<Old> old = new ArrayList<>();
  private final List<Seen> seen = new ArrayList<>();

  /**
   * Of a cell.
   *
   * @param renewed what theory has of its connections
   */
  NewShares(CellResults cell, List<ConnectionRow> ledger, Renewed renewed) {
    this.cell = cell;
    this.renewed = renewed;
    cell.counted().forEach(r -> add(r, ledger));
  }

  private void add(RepetitionResults r, List<ConnectionRow> ledger) {
    Happened joined = Happened.of(r.events()).getFirst();
    Set<String> added = joined.added();
    double fromMs = Newcomers.joinedMs(joined);
    List<ConnectionRow> own =
        ledger.stream()
            .filter(l -> l.at().equals(r.summary().at()) && l.pod().isPresent())
            .toList();
    seen.add(new Seen(fromMs, added, own));
    Cell c = cell.cell();
    double fair = new ScaleOut(c.pods(), c.pods() + added.size()).fairShare();
    for (ConnectionRow l : own) {
      if (l.livesAt(fromMs)) {
        double onNew = added.contains(l.pod().orElseThrow()) ? 1 : 0;
        old.add(
            new Old((fromMs - l.bornMs()) / MS_PER_S, onNew, Newcomers.pinned(c) ? onNew : fair));
      }
    }
  }

  /** A row for each moment that all repetitions saw; none where no connection leads to a pod. */
  List<NewShareRow> rows(String run) {
    List<NewShareRow> rows = new ArrayList<>();
    double stepMs = (double) cell.cell().course().phases().measure().toMillis() / STRETCHES;
    for (int i = 0; !old.isEmpty() && i * stepMs <= MS_PER_S * renewed.watchedS(); i++) {
      rows.add(row(run, i * stepMs));
    }
    return rows;
  }

  private NewShareRow row(String run, double afterMs) {
    double afterS = afterMs / MS_PER_S;
    long open = 0;
    long onNew = 0;
    for (Seen s : seen) {
      List<String> pods =
          s.ledger().stream()
              .filter(l -> l.livesAt(s.fromMs() + afterMs))
              .map(l -> l.pod().orElseThrow())
              .toList();
      open += pods.size();
      onNew += pods.stream().filter(s.added()::contains).count();
    }
    double expected = 0;
    double least = 0;
    double most = 0;
    for (Old o : old) {
      double slow = o.onNewBy(renewed.slowest(), afterS);
      double soon = o.onNewBy(renewed.soonest(), afterS);
      expected += o.onNewBy(renewed.expected(), afterS);
      least += Math.min(slow, soon);
      most += Math.max(slow, soon);
    }
    double of = old.size() / PCT;
    return new NewShareRow(
        run, cell.id(), afterMs, open, onNew, expected / of, least / of, most / of);
  }
}
