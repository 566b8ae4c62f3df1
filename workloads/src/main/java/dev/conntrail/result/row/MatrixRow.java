package dev.conntrail.result.row;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.TestbedKind;
import java.util.Optional;

/**
 * {@code matrices.csv}: connections from one node to another, of cells that have data plane, nodes
 * and pods in common.
 *
 * @param clientNode where the clients are
 * @param podNode where the pods are
 * @param expectedCount if each connection takes any pod alike
 * @param pooled the test of the whole matrix; none if pods are not drawn
 * @param stratified the sum of each repetition's own statistic; none also where only one has
 *     connections
 */
public record MatrixRow(
    String run,
    TestbedKind testbed,
    DataPlane dataPlane,
    Optional<IptablesBackend> iptablesBackend,
    Optional<IpvsScheduler> ipvsScheduler,
    int nodesCount,
    int podsCount,
    String clientNode,
    String podNode,
    long connectionsCount,
    double expectedCount,
    VerdictRow.Test pooled,
    VerdictRow.Test stratified) {}
