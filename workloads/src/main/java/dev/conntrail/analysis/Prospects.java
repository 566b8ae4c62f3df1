package dev.conntrail.analysis;

import dev.conntrail.analysis.Prospect.Connections;
import dev.conntrail.analysis.Prospect.Outlook;
import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.analysis.chance.Sensitivity;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an experiment will be able to tell, if it runs whole: by the same tests, and the same
 * correction for their number, as {@link Verdicts} has.
 *
 * @param cells in the order of the experiment
 * @param tests how many
 * @param needed by number of pods, where pods are drawn: connections that find one pod at 1.2 times
 *     its share in nine of ten runs; empty if a billion would not do
 */
public record Prospects(List<Prospect> cells, int tests, SortedMap<Integer, OptionalLong> needed) {
  /** Those of an experiment. */
  public static Prospects of(Experiment experiment) {
    List<Cell> tested = experiment.cells().stream().filter(Prospect::tested).toList();
    int tests =
        tested.stream()
                .mapToInt(c -> Prospect.draws(c).size() * (c.course().repetitions() > 1 ? 2 : 1))
                .sum()
            + NodeMatrices.planned(experiment);
    double level = Verdicts.FAMILY_ERROR / Math.max(1, tests);
    Map<FairDraw, Sensitivity> known = new HashMap<>();
    List<Prospect> cells = new ArrayList<>();
    for (Cell cell : experiment.cells()) {
      Connections connections = Connections.of(cell);
      Outlook outlook =
          Prospect.tested(cell)
              ? Prospect.drawn(
                  Prospect.draws(cell).stream()
                      .map(draw ->
                          known.computeIfAbsent(
                              draw, d -> Sensitivity.of(d.connections(), d.pods(), level)))
                      .toList())
              : Prospect.notDrawn(cell);
      cells.add(new Prospect(cell, connections, outlook));
    }
    SortedMap<Integer, OptionalLong> needed = new TreeMap<>();
    tested.stream()
        .flatMap(c -> Prospect.draws(c).stream())
        .forEach(d ->
            needed.computeIfAbsent(d.pods(), pods -> Sensitivity.connectionsForFifth(pods, level)));
    return new Prospects(List.copyOf(cells), tests, needed);
  }
}
