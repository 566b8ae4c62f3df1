package dev.conntrail.analysis;

import dev.conntrail.record.Death;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.spec.ClosedBy;
import dev.conntrail.spec.Spoken;
import java.util.Set;

/**
 * Who closed a connection as its pod saw it ({@link ClosedBy}) against how it ended for its client
 * ({@link Death}). Both may close at once, and packets may be lost between them, so that each says
 * that it was itself, or that nobody did; but neither can be told of an end that the other did not
 * make.
 */
final class Closings {
  private Closings() {}

  /**
   * Whether not both can be true.
   *
   * @param ended pods whose processes events had end
   */
  static boolean contradict(ConnectionRow mine, EchoCount theirs, Set<String> ended) {
    return theirs.closedBy().filter(by -> cannotBe(mine, theirs, by, ended)).isPresent();
  }

  private static boolean cannotBe(
      ConnectionRow mine, EchoCount theirs, ClosedBy by, Set<String> ended) {
    if (by == ClosedBy.EXIT) {
      return !ended.contains(theirs.pod());
    }
    return switch (mine.death()) {
      // a pod notes who closes before its kernel sends the FIN
      case PEER_FIN ->
          by == ClosedBy.OPEN || (by == ClosedBy.CLIENT && !theirs.speaks(Spoken::closedWhenAsked));
      // it noted that it said goodbye; of where its client went afterwards it may not have heard
      case GOODBYE -> by == ClosedBy.CLIENT && !theirs.speaks(Spoken::saysGoodbyeItself);
      case OPEN, CLIENT, RETIRED, RESET, TIMED_OUT, ERROR -> false;
    };
  }

  /** Whether both name the same side: of several connections of one end such belong together. */
  static boolean agree(ConnectionRow mine, EchoCount theirs) {
    return theirs
        .closedBy()
        .filter(by ->
            switch (mine.death()) {
              case OPEN -> by == ClosedBy.OPEN;
              case CLIENT, RETIRED -> by == ClosedBy.CLIENT;
              case GOODBYE -> by == ClosedBy.GOODBYE;
              case PEER_FIN, RESET -> by != ClosedBy.OPEN && by != ClosedBy.CLIENT;
              case TIMED_OUT, ERROR -> true;
            })
        .isPresent();
  }
}
