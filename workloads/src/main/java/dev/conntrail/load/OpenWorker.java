package dev.conntrail.load;

import dev.conntrail.load.client.Caller;

/**
 * In an open loop the pacer calls {@link #fire} when a request is due; one that comes while another
 * is outstanding waits here and keeps its due time, which its latency counts from. So does one that
 * comes before the caller is connected.
 */
final class OpenWorker extends Worker {
  private long first = -1;

  OpenWorker(PhaseClock clock, Tally tally, Caller caller, int index) {
    super(clock, tally, caller, index);
  }

  /** The caller's {@code k}-th request is due, from 0; those before the first were never due. */
  void fire(long k) {
    if (first < 0) {
      first = k;
    }
    if (pending().add()) {
      stamp(true);
      send();
    }
  }

  @Override
  long dueNs(int ahead, long sentNs) {
    return clock().dueNs(index(), first + ended() + ahead);
  }

  @Override
  void next(boolean well) {
    if (pending().counted()) {
      stamp(false);
      send();
    }
  }
}
