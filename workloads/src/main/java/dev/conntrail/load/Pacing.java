package dev.conntrail.load;

import dev.conntrail.load.client.Caller;
import java.util.List;

/** When requests are sent: at a rate, or each when the one before it is answered. */
sealed interface Pacing permits OpenPacing, ClosedPacing {
  /** Takes a caller in; its number is how many came before it. */
  void enlist(Caller caller);

  /** All of them, in order. */
  List<? extends Worker> workers();

  /**
   * Lets requests be sent until a phase ends, which has an end and has begun.
   *
   * @return whether it was told to stop early
   */
  boolean pace(Phase phase) throws InterruptedException;
}
