package dev.conntrail.testbed;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what tells nobody that it is there: by looking again and again. */
public final class Polling {
  private Polling() {}

  /**
   * Looks until something is found, or time has run out.
   *
   * @param what is waited for, in words for an interrupt: "kube-proxy's rules"
   * @param every the pause between two looks
   * @return what was found; empty if time ran out
   * @throws TestbedException if the waiting thread is interrupted; it stays so
   */
  public static <T> Optional<T> find(
      String what, Duration limit, Duration every, Supplier<Optional<T>> look) {
    long end = System.nanoTime() + limit.toNanos();
    Optional<T> found = look.get();
    while (found.isEmpty() && System.nanoTime() < end) {
      try {
        Thread.sleep(every);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TestbedException("interrupted while waiting for " + what, e);
      }
      found = look.get();
    }
    return found;
  }

  /**
   * Looks until something is so, or time has run out; as {@link #find}.
   *
   * @return whether it is so
   */
  public static boolean until(String what, Duration limit, Duration every, BooleanSupplier there) {
    return find(what, limit, every, () -> Optional.of(true).filter(_ -> there.getAsBoolean()))
        .isPresent();
  }
}
