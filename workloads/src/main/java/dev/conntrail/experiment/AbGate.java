package dev.conntrail.experiment;

import java.util.List;

/** Says of two sides when there is no more to be measured. */
@FunctionalInterface
public interface AbGate {
  /**
   * Whether all is decided.
   *
   * @param blocks all that are whole so far, in order
   * @param level that the tests of this look may use
   */
  boolean decided(List<PairedBlock> blocks, double level);
}
