package dev.conntrail.experiment;

import dev.conntrail.result.Side;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.TestbedKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Two sides that are to be measured in turns.
 *
 * @param a what was
 * @param b what is asked of
 * @param pairs cells that are compared
 * @param differs what differs, in words
 * @param jar what runs side a, where that is another program than this
 * @param times how many are declared for a verdict
 * @param looks when it is looked whether all is decided, if blocks take what they are expected to
 * @param block how long one is expected to take at most
 * @param budget time for measuring; what the first look takes is measured all the same
 * @param margin ratio of times that is no change yet
 * @param seed of the orders
 * @param notes what was limited or added
 */
public record AbPlan(
    Of a,
    Of b,
    List<PairedCells> pairs,
    String differs,
    Optional<Path> jar,
    int times,
    Looks looks,
    Duration block,
    Duration budget,
    double margin,
    long seed,
    List<String> notes) {
  /** An experiment as a side runs it. */
  public record Of(Experiment experiment, RunOptions options) {}

  public AbPlan {
    pairs = List.copyOf(pairs);
    notes = List.copyOf(notes);
  }

  /** A side. */
  public Of of(Side side) {
    return side == Side.A ? a : b;
  }

  /** Where both run. */
  public TestbedKind testbed() {
    return b.options().placement().cells().keySet().iterator().next();
  }

  /** The folder of results. */
  Path results() {
    return b.options().results();
  }

  /** The name that namespaces carry. */
  String run() {
    return b.options().run();
  }
}
