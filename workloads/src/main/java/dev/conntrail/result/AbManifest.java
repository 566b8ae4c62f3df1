package dev.conntrail.result;

import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.TestbedKind;
import java.util.List;
import java.util.Optional;

/**
 * {@code ab.json}: which two sides were measured in turns, and how it went. It is there from the
 * first block on.
 *
 * @param schema version of the folder's layout
 * @param run its name, which all its namespaces carry
 * @param testbed where the pods were
 * @param status how it ended; partial while it goes on
 * @param startedUtc ISO 8601
 * @param durationS wall clock so far, seconds
 * @param differs what differs between the sides, in words; {@code nothing} for a side against
 *     itself
 * @param sides both
 * @param pairs cells that are compared
 * @param seed of the orders
 * @param blocks that were begun, with their orders
 * @param level of each look
 * @param looksAfter blocks after which it was to be looked whether all is decided
 * @param looks that were taken
 * @param budgetS time for measuring, seconds
 * @param margin ratio of times that is no change yet
 * @param command the command line
 * @param notes what was limited or added
 */
public record AbManifest(
    int schema,
    String run,
    TestbedKind testbed,
    RunStatus status,
    String startedUtc,
    double durationS,
    String differs,
    List<SideOf> sides,
    List<Pair> pairs,
    long seed,
    List<Block> blocks,
    double level,
    List<Integer> looksAfter,
    List<Look> looks,
    double budgetS,
    double margin,
    List<String> command,
    List<String> notes) {
  /** The layout written by this version. */
  public static final int SCHEMA = 1;

  /**
   * A side.
   *
   * @param experiment its name
   * @param rulesEdit the edit of its rules; empty for kube-proxy's own
   * @param jar what ran it, where that was not the program that ran the other
   */
  public record SideOf(Side side, String experiment, String rulesEdit, Optional<String> jar) {}

  /**
   * Cells that are compared.
   *
   * @param a of side a
   * @param b of side b
   * @param control whether they are the same without a Service, so that no difference is to be seen
   */
  public record Pair(CellId a, CellId b, boolean control) {}

  /**
   * A block: every cell of both sides once.
   *
   * @param number from 1, which is that of the repetition
   */
  public record Block(int number, List<Turn> order) {}

  /**
   * Whose turn it was.
   *
   * @param cell of the side; empty where the side's cells ran in a process of their own
   */
  public record Turn(Side side, Optional<CellId> cell) {}

  /**
   * A look at the blocks so far.
   *
   * @param afterBlocks how many there were
   * @param decided whether all was decided
   */
  public record Look(int afterBlocks, boolean decided) {}
}
