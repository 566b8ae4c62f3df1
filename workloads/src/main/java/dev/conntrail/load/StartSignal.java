package dev.conntrail.load;

/** Lets several load processes begin their phases together. */
@FunctionalInterface
public interface StartSignal {
  /** Begin as soon as all connections are open. */
  StartSignal AT_ONCE = () -> {};

  /** Called when all connections are open; returns when the phases are to begin. */
  void await() throws InterruptedException;
}
