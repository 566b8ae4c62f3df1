package dev.conntrail.experiment;

import dev.conntrail.result.Side;
import dev.conntrail.spec.Cell;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a block is made of. */
interface AbTurns {
  /**
   * One.
   *
   * @param cell of the side; empty where all its cells have their turn at once
   */
  record Turn(Side side, Optional<Cell> cell) {}

  /** All turns of a block, in whatever order. */
  List<Turn> all();

  /** A block begins, in this order. */
  void begin(List<Turn> order);

  /** Takes one. */
  void take(Turn turn, int block) throws IOException;

  /** What a block that is whole has measured. */
  List<PairedBlock.Rows> rows(int block) throws IOException;
}
