package dev.conntrail.load;

import dev.conntrail.load.client.Caller;

/** In a closed loop a request is due when it is sent: when the one before it was answered. */
final class ClosedWorker extends Worker {
  private final ClosedPacing pacing;

  ClosedWorker(ClosedPacing pacing, PhaseClock clock, Tally tally, Caller caller, int index) {
    super(clock, tally, caller, index);
    this.pacing = pacing;
  }

  /** Begins, unless a request is outstanding. */
  void fire() {
    if (pacing.sends() && pending().begin()) {
      sendAnother();
    }
  }

  private void sendAnother() {
    stamp(false);
    pending().again();
    send();
  }

  @Override
  long dueNs(int ahead, long sentNs) {
    return sentNs;
  }

  @Override
  void next(boolean well) {
    if (well && pacing.sends()) {
      sendAnother();
      return;
    }
    pending().counted();
    if (well) {
      fire();
    } else {
      pacing.later(this::fire);
    }
  }
}
