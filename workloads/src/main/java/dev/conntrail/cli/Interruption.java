package dev.conntrail.cli;

import dev.conntrail.posix.Terminal;
import dev.conntrail.testbed.TestbedException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jline.utils.Signals;

/**
 * What Ctrl-C, SIGTERM and the end of the terminal do to a command that makes things, until this is
 * closed: the first asks it to end in order, the second ends it at once and says what is left.
 */
final class Interruption implements AutoCloseable {
  /** The signals, with their numbers: what ends by one exits with 128 and its number. */
  private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  private static final int ENDED_BY_SIGNAL = 128;

  /** A terminal writes ^C where the cursor is. */
  private static final String ECHO_ERASED = Terminal.columns(Terminal.ERR).isPresent() ? "\r" : "";

  private final Consumer<String> say;
  private final Runnable stop;
  private final Supplier<List<String>> left;
  private final AtomicInteger first = new AtomicInteger();
  private final Map<String, Object> before = new TreeMap<>();

  /**
   * Listens from now on.
   *
   * @param say prints a line for the user
   * @param stop asks the command to end in order
   * @param left what the command would leave behind if it ended now, and how to clear each
   */
  Interruption(Consumer<String> say, Runnable stop, Supplier<List<String>> left) {
    this.say = say;
    this.stop = stop;
    this.left = left;
    SIGNALS.forEach((name, number) -> before.put(name, Signals.register(name, () -> came(number))));
  }

  /** The same for a command that says what it has to say to standard error. */
  Interruption(Runnable stop, Supplier<List<String>> left) {
    this(line -> System.err.println(ECHO_ERASED + line), stop, left);
  }

  private void came(int number) {
    if (first.compareAndSet(0, number)) {
      say.accept("stopping: draining, then cleaning up; Ctrl-C again ends at once");
      stop.run();
      return;
    }
    try {
      List<String> lines = left.get();
      say.accept("ended at once; left behind:");
      (lines.isEmpty() ? List.of("nothing") : lines).forEach(line -> say.accept("  " + line));
    } finally {
      Runtime.getRuntime().halt(ENDED_BY_SIGNAL + number);
    }
  }

  /**
   * Does a command's work.
   *
   * @return its exit code; that of the signal if one came, also if the work then failed, for what
   *     is told to stop in the middle says so
   */
  int during(Callable<Integer> work) throws Exception {
    try {
      return code(work.call());
    } catch (TestbedException e) {
      if (!stopped()) {
        throw e;
      }
      say.accept("stopped: " + e.getMessage());
      return ENDED_BY_SIGNAL + first.get();
    }
  }

  /** The code to end with: that of the signal if one came. */
  int code(int otherwise) {
    return stopped() ? ENDED_BY_SIGNAL + first.get() : otherwise;
  }

  /** Whether a signal came. */
  boolean stopped() {
    return first.get() != 0;
  }

  @Override
  public void close() {
    before.forEach(Signals::unregister);
  }
}
