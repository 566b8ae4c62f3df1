package dev.conntrail.result;

import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.Plane;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code manifest.json}: what was run, and how it ended.
 *
 * @param schema version of the result folder's layout
 * @param run the run's name, which all its namespaces carry
 * @param experiment its name
 * @param question what it asks
 * @param testbeds where the pods were, in the order of running
 * @param status how it ended
 * @param startedUtc ISO 8601
 * @param durationS wall clock, seconds
 * @param seed of the experiment
 * @param repetitions the most that a cell was asked for
 * @param cellOrder cells in the order in which each repetition ran them
 * @param rules hashes of rule text as loaded
 * @param rulesEdit the edit that was applied to the rules; empty for kube-proxy's own
 * @param echoDelayMs how much later than it could echo sent each answer, milliseconds; empty for at
 *     once
 * @param command the command line
 * @param notes what else limits it, in words
 * @param leftOut cells that did not run; empty in folders of versions that said so in their notes
 */
public record Manifest(
    int schema,
    String run,
    String experiment,
    String question,
    List<TestbedKind> testbeds,
    RunStatus status,
    String startedUtc,
    double durationS,
    long seed,
    int repetitions,
    List<List<CellId>> cellOrder,
    List<Rules> rules,
    String rulesEdit,
    Optional<Long> echoDelayMs,
    List<String> command,
    List<String> notes,
    Optional<List<LeftOut>> leftOut) {
  /** An edit that is longer is cut where it is told; the manifest has all of it. */
  private static final int LONG = 80;

  /**
   * A cell that did not run.
   *
   * @param plane its data plane
   * @param modes of its Service, in order of time; one where no event changes it
   * @param why said after "for"
   */
  public record LeftOut(Plane plane, List<DataPlane> modes, String why) {
    /** In words, a line for each reason. */
    public static List<String> lines(List<LeftOut> all) {
      Map<String, List<LeftOut>> reasons = new LinkedHashMap<>();
      all.forEach(l -> reasons.computeIfAbsent(l.why(), _ -> new ArrayList<>()).add(l));
      return reasons.entrySet().stream()
          .map(e ->
              "left out: %d cells (%s), for %s"
                  .formatted(
                      e.getValue().size(),
                      e.getValue().stream()
                          .map(l -> l.plane().word())
                          .distinct()
                          .collect(Collectors.joining(", ")),
                      e.getKey()))
          .toList();
    }
  }

  /** What was limited or left out, in words. */
  public List<String> limits() {
    List<String> limits = new ArrayList<>(LeftOut.lines(leftOut.orElse(List.of())));
    limits.addAll(notes);
    return limits;
  }

  /** An edit of rules, as it is told to people. */
  public static String shortened(String edit) {
    return edit.length() > LONG ? edit.substring(0, LONG) + "\u2026" : edit;
  }

  /** The layout written by this version. */
  public static final int SCHEMA = 5;

  /** Whether a fault was planted: what was measured is not what there was. */
  public boolean planted() {
    return !rulesEdit.isEmpty() || echoDelayMs.isPresent();
  }

  /**
   * Rule text that was loaded.
   *
   * @param pods of the Service when a repetition began
   * @param nodes of the cell
   * @param node that it was loaded on
   */
  public record Rules(
      TestbedKind testbed,
      DataPlane dataPlane,
      Optional<IptablesBackend> backend,
      Optional<IpvsScheduler> scheduler,
      int pods,
      int nodes,
      String node,
      String sha256) {}
}
