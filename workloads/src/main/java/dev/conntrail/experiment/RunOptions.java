package dev.conntrail.experiment;

import dev.conntrail.testbed.kube.ClusterOptions;
import java.nio.file.Path;
import java.util.List;

/**
 * How to run an experiment.
 *
 * @param results folder of results
 * @param rulesEdit {@code REGEX=>REPLACEMENT}, applied to the rule text before it is loaded; empty
 *     for kube-proxy's own rules
 * @param command the command line, for the record
 * @param version of this program
 * @param cluster how clusters are to be had
 */
public record RunOptions(
    Path results, String rulesEdit, List<String> command, String version, ClusterOptions cluster) {}
