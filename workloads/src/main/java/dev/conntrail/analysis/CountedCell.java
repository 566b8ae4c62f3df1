package dev.conntrail.analysis;

import dev.conntrail.analysis.chance.DrawsAmong;
import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.analysis.chance.Uniformity;
import dev.conntrail.analysis.chance.Uniformity.Tested;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Unit;
import dev.conntrail.spec.PodChoice;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A cell that can be judged.
 *
 * @param connections counts by pod, of each repetition
 * @param requests likewise
 * @param zones what the clients of each zone drew, where pods of it are preferred
 */
record CountedCell(CellResults cell, List<long[]> connections, List<long[]> requests, Zones zones) {
  /** Whether its pods are drawn, and there is more than one to draw from. */
  boolean drawn() {
    return switch (cell.cell().choice()) {
      case DRAW -> connections.getFirst().length > 1;
      case ZONE_DRAW -> zones.tells();
      default -> false;
    };
  }

  /** Whether they are drawn within zones. */
  boolean zoned() {
    return cell.cell().choice() == PodChoice.ZONE_DRAW;
  }

  /** Counts by pod, of each repetition. */
  long[][] of(Unit unit) {
    return (unit == Unit.CONNECTIONS ? connections : requests).toArray(long[][]::new);
  }

  /** Its tests against fair draws. */
  Stream<Tested> tests() {
    return zoned() ? zones.tests() : Uniformity.test(of(Unit.CONNECTIONS)).tests().stream();
  }

  /** What was drawn, each by itself, all repetitions together; at least one. */
  List<FairDraw> draws() {
    List<FairDraw> draws =
        zones.together().parts().stream()
            .map(DrawsAmong.Part::draw)
            .filter(d -> d.pods() > 1)
            .toList();
    FairDraw all = all(Unit.CONNECTIONS);
    return zoned() ? draws.isEmpty() ? List.of(new FairDraw(0, all.pods())) : draws : List.of(all);
  }

  /** A draw of as many from all pods. */
  FairDraw all(Unit unit) {
    long[] sums = Uniformity.sums(of(unit));
    return new FairDraw(Arrays.stream(sums).sum(), sums.length);
  }
}
