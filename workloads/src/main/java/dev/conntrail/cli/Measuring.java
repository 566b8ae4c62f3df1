package dev.conntrail.cli;

import dev.conntrail.experiment.Cancellation;
import dev.conntrail.spec.TestbedKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * A command that measures: its bar, and what Ctrl-C does to it.
 *
 * @param name of what is measured, beside the bar
 * @param steps of the bar
 * @param quiet whether there is no bar
 * @param testbed where the pods are
 * @param results where folders go
 */
record Measuring(String name, int steps, boolean quiet, TestbedKind testbed, Path results) {
  /** Measures, while the bar is there. */
  @FunctionalInterface
  interface Work<E> {
    E with(ConsoleProgress progress) throws Exception;
  }

  /** Tells what came of it, once the bar is gone; the exit code. */
  @FunctionalInterface
  interface End<E> {
    int of(E ended, Interruption interruption) throws Exception;
  }

  /** Does both; the first Ctrl-C cancels, the second says what is left. */
  <E> int run(Cancellation cancellation, Work<E> work, End<E> end) throws Exception {
    ConsoleProgress progress =
        quiet ? ConsoleProgress.silent(name, steps) : new ConsoleProgress(name, steps);
    Supplier<List<String>> left = () -> left(progress);
    try (Interruption interruption =
        quiet
            ? new Interruption(cancellation::cancel, left)
            : new Interruption(progress::say, cancellation::cancel, left)) {
      Callable<Integer> whole =
          () -> {
            E ended;
            try (progress) {
              ended = work.with(progress);
            }
            return end.of(ended, interruption);
          };
      return interruption.during(whole);
    }
  }

  /** What is left, for the run ends now: the bar does too. */
  private List<String> left(ConsoleProgress progress) {
    progress.end();
    List<String> lines = new ArrayList<>(Leftovers.lines());
    if (testbed == TestbedKind.CLUSTER) {
      lines.add("what the run made on the cluster: the next run there deletes it");
    }
    progress
        .folder()
        .ifPresent(f -> lines.add(f + ": the next run into " + results + " keeps what is in it"));
    return lines;
  }
}
