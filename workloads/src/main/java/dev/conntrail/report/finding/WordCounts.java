package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many cells of a run have which verdict.
 *
 * @param headline the one word for the run
 * @param cells by word, every word in order
 * @param matrices from node to node that were tested
 * @param matricesNotChance of these, those that are not chance
 */
public record WordCounts(
    CellWord headline, Map<CellWord, Integer> cells, int matrices, int matricesNotChance) {
  private static final Set<CellWord> ALARMS = EnumSet.of(CellWord.NOT_CHANCE, CellWord.LAW_BROKEN);

  /** What cells behind a Service say where nothing is wrong; the first that one has counts. */
  private static final List<CellWord> CALM =
      List.of(CellWord.CONSISTENT, CellWord.BY_DESIGN, CellWord.TOO_FEW);

  /** Those of a run. */
  static WordCounts of(Analysis run) {
    Map<CellWord, Integer> cells = new EnumMap<>(CellWord.class);
    for (CellWord word : CellWord.values()) {
      cells.put(word, 0);
    }
    run.results().cells().forEach(c -> cells.merge(CellWord.of(run, c), 1, Integer::sum));
    List<NodeMatrix> tested =
        NodeMatrix.all(run.matrices()).stream().filter(NodeMatrix::tested).toList();
    int notChance = (int) tested.stream().filter(NodeMatrix::alarm).count();
    return new WordCounts(headline(run, cells, notChance), cells, tested.size(), notChance);
  }

  private static CellWord headline(
      Analysis run, Map<CellWord, Integer> cells, int matricesNotChance) {
    if (matricesNotChance > 0) {
      return CellWord.NOT_CHANCE;
    }
    Set<CellWord> behind =
        Controls.behindService(run).stream()
            .map((CellResults c) -> CellWord.of(run, c))
            .collect(Collectors.toSet());
    return Stream.concat(
            ALARMS.stream().filter(w -> cells.get(w) > 0), CALM.stream().filter(behind::contains))
        .findFirst()
        .orElse(run.results().measured().isEmpty() ? CellWord.NOT_MEASURED : CellWord.NOT_JUDGED);
  }

  /** Whether a cell, or a matrix, is said to be so. */
  public boolean has(CellWord word) {
    return cells.get(word) > 0 || (word == CellWord.NOT_CHANCE && matricesNotChance > 0);
  }
}
