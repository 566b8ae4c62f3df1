package dev.conntrail.experiment;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Someone wants the run to stop: what runs drains, and nothing new begins. */
public final class Cancellation {
  private final List<Runnable> actions = new CopyOnWriteArrayList<>();
  private volatile boolean cancelled;

  /** Whether the run is to stop. */
  public boolean cancelled() {
    return cancelled;
  }

  /** Tells everyone. */
  public void cancel() {
    cancelled = true;
    actions.forEach(Runnable::run);
  }

  /** Runs an action on cancellation, until the returned handle is closed. */
  Handle onCancel(Runnable action) {
    actions.add(action);
    if (cancelled) {
      action.run();
    }
    return () -> actions.remove(action);
  }

  /** Takes an action back. */
  interface Handle extends AutoCloseable {
    @Override
    void close();
  }
}
