package dev.conntrail.experiment;

import dev.conntrail.testbed.UmlGuest;
import dev.conntrail.testbed.kube.ClusterOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to run an experiment.
 *
 * @param results folder of results
 * @param rulesEdit {@code REGEX=>REPLACEMENT}, applied to the rule text before it is loaded; empty
 *     for kube-proxy's own rules
 * @param echoDelay how much later echo sends each answer; zero for at once
 * @param command the command line, for the record
 * @param version of this program
 * @param placement which cells run where
 * @param guest for testbed uml; empty without it, and within a guest
 * @param cluster how clusters are to be had
 * @param run the run's name, which its namespaces carry
 */
public record RunOptions(
    Path results,
    String rulesEdit,
    Duration echoDelay,
    List<String> command,
    String version,
    Placement placement,
    Optional<UmlGuest> guest,
    ClusterOptions cluster,
    String run) {
  /** The same for a run of another name. */
  public RunOptions named(String other) {
    return new RunOptions(
        results, rulesEdit, echoDelay, command, version, placement, guest, cluster, other);
  }
}
