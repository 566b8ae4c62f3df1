package dev.conntrail.analysis.around;

import dev.conntrail.result.CellResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.ProcessRole;
import dev.conntrail.result.row.ProcessRow;
import java.util.List;
import java.util.Optional;

/**
 * CPU time of a repetition's pods where each is a process of its own, as on a cluster: of those
 * that were there all the measure phase. Elsewhere one process serves all pods, and what each takes
 * is not known.
 *
 * @param podsCount how many these are
 * @param meanNs that of all of them
 * @param hottestNs that of the one that took most
 */
public record PodsCpu(int podsCount, double meanNs, double hottestNs) {
  /** Those of a cell, one for each repetition in which it was measured. */
  public static List<PodsCpu> of(CellResults cell) {
    return cell.repetitions().stream().flatMap(r -> of(r.rows(Tables.PROCESSES)).stream()).toList();
  }

  /** That of a repetition; empty where pods share a process, or there is only one. */
  static Optional<PodsCpu> of(List<ProcessRow> processes) {
    List<ProcessRow> pods = processes.stream().filter(p -> p.role() == ProcessRole.PODS).toList();
    if (pods.size() < 2 || pods.stream().anyMatch(p -> p.podsCount() != 1)) {
      return Optional.empty();
    }
    return Optional.of(
        new PodsCpu(
            pods.size(),
            pods.stream().mapToDouble(ProcessRow::cpuNs).average().orElseThrow(),
            pods.stream().mapToDouble(ProcessRow::cpuNs).max().orElseThrow()));
  }

  /** 1 if all took the same; not a number if none took any. */
  public double hottestOverMean() {
    return hottestNs / meanNs;
  }
}
