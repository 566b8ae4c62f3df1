package dev.conntrail.result;

import java.util.List;
import java.util.Map;

/**
 * {@code manifest.json}: what was run, and how it ended.
 *
 * @param schema version of the result folder's layout
 * @param run the run's name, which all its namespaces carry
 * @param experiment its name
 * @param question what it asks
 * @param testbed where the pods were
 * @param status {@code complete}, {@code partial} (told to stop) or {@code failed}
 * @param startedUtc ISO 8601
 * @param durationS wall clock, seconds
 * @param seed of the experiment
 * @param repetitions asked for
 * @param cellOrder ids of cells in the order in which each repetition ran them
 * @param rulesSha256 hash of the rule text as loaded, by data plane
 * @param rulesEdit the edit that was applied to the rules, empty for kube-proxy's own
 * @param command the command line
 * @param notes what was limited or left out
 */
public record Manifest(
    int schema,
    String run,
    String experiment,
    String question,
    String testbed,
    String status,
    String startedUtc,
    double durationS,
    long seed,
    int repetitions,
    List<List<String>> cellOrder,
    Map<String, String> rulesSha256,
    String rulesEdit,
    List<String> command,
    List<String> notes) {
  /** The layout written by this version. */
  public static final int SCHEMA = 1;
}
