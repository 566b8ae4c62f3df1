package dev.conntrail.load;

/** Lets several load processes begin their phases together. */
@FunctionalInterface
public interface StartSignal {
  /** Begin as soon as all connections are open. */
  StartSignal AT_ONCE = System::nanoTime;

  /**
   * Called when all connections are open; returns when the phases are to begin.
   *
   * @return the instant that was agreed on, {@link System#nanoTime()}: this process may wake later
   */
  long await() throws InterruptedException;
}
