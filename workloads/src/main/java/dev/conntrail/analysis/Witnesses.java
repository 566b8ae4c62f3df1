package dev.conntrail.analysis;

import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What each witness says of one repetition.
 *
 * @param at which repetition
 * @param legs in order, the first from the clients, the last to the pods
 * @param lost pods that took their counts with them: their connections stay in the ledger, and are
 *     not compared
 * @param heard pods that ended while load ran, and said first what they had counted
 * @param ended pods whose processes events had end, or may have
 * @param made pods that were made while load ran
 * @param pods as who placed them says, in order
 */
public record Witnesses(
    At at,
    List<Leg> legs,
    Set<String> lost,
    Set<String> heard,
    Set<String> ended,
    Set<String> made,
    List<PlacedPod> pods) {

  /** A pod, its node and its address, as who placed it says. */
  public record PlacedPod(String name, String node, String address) {}

  /**
   * Whether a pod's kernel took a connection that its server never did, so that the pod knows
   * nothing of it: it waited in the queue of listen(2) until the server ended, which resets it
   * there, or, where the server was starting still, until its client closed it.
   *
   * @param kernelPod where the kernel's table has it
   */
  boolean neverTaken(ConnectionRow mine, Optional<String> kernelPod) {
    Set<String> busy = mine.death().broken() ? heard : made;
    return mine.requestsCount() == 0 && kernelPod.filter(busy::contains).isPresent();
  }
}
