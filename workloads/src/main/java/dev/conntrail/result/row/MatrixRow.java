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
 * @param p probability of a matrix at least as far from that; not a number if not tested
 * @param pAdjusted the same after Holm's correction over all tests of the run
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
    double p,
    double pAdjusted,
    Optional<String> method) {}
