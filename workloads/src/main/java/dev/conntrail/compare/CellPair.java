package dev.conntrail.compare;

import dev.conntrail.result.CellResults;
import dev.conntrail.result.Side;
import java.util.Optional;

/**
 * Two cells that are compared, each with the cell of its own run that it is divided by.
 *
 * @param title what both are, as a person would say it
 * @param a one
 * @param b the other
 * @param controls of a and b; empty where one of them has none
 */
public record CellPair(String title, CellResults a, CellResults b, Optional<Controls> controls) {
  /**
   * Cells without a Service.
   *
   * @param a of the first run
   * @param b of the second
   */
  public record Controls(CellResults a, CellResults b) {}

  /** The cell of a side. */
  public CellResults cell(Side side) {
    return side == Side.A ? a : b;
  }

  /** The control of a side. */
  Optional<CellResults> control(Side side) {
    return controls.map(c -> side == Side.A ? c.a() : c.b());
  }
}
