package dev.conntrail.experiment;

import dev.conntrail.result.AbFolder;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunIndex;
import dev.conntrail.result.Side;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Two sides measured in turns, from nothing to a folder with the results of both. */
public final class AbRun {
  /**
   * How it ended.
   *
   * @param folder its results
   * @param failures why repetitions failed; empty if none did
   * @param blocks those that are whole
   * @param looks that were planned
   */
  public record Ended(
      AbFolder folder,
      RunStatus status,
      List<String> failures,
      List<PairedBlock> blocks,
      Looks looks) {}

  /** How the sides are run. */
  interface Sides {
    /** Measures blocks. */
    void run(AbCourse course) throws IOException;

    /** Closes the folders of the sides; why repetitions failed. */
    List<String> finish(AbCourse course) throws IOException;
  }

  private AbRun() {}

  /** Measures both sides of a plan. */
  public static Ended run(AbPlan plan, AbGate gate, Progress progress, Cancellation cancellation)
      throws IOException {
    Predecessors.clear(plan.testbed(), plan.results(), progress);
    Instant now = Instant.now();
    AbFolder folder =
        AbFolder.create(
            plan.results(),
            RunNames.of(now, "ab_" + plan.b().experiment().name(), List.of(plan.testbed())));
    WriterLock lock = WriterLock.take(folder.path());
    progress.folder(folder.path());
    AbCourse course = new AbCourse(plan, folder, now, gate, progress, cancellation);
    Sides sides =
        plan.jar().isPresent()
            ? new JarSides(plan, folder, cancellation)
            : new StagedSides(plan, folder, now, progress, cancellation);
    try {
      sides.run(course);
    } catch (TestbedException e) {
      // what was told to stop in the middle of being made says so, and that is no failure
      if (!cancellation.cancelled()) {
        if (!folder.measured()) {
          FileTrees.delete(folder.path());
          throw e;
        }
        course.failed(e.getMessage());
      }
      progress.say(String.valueOf(e.getMessage()));
    }
    List<String> failures = course.failures(sides.finish(course));
    RunStatus status = status(cancellation, failures);
    course.write(status);
    folder.dropEmptyLogs();
    lock.release();
    AbFolder finished = folder.finish();
    index(plan, finished);
    return new Ended(finished, status, failures, course.whole(), course.looks());
  }

  private static RunStatus status(Cancellation cancellation, List<String> failures) {
    return cancellation.cancelled()
        ? RunStatus.PARTIAL
        : failures.isEmpty() ? RunStatus.COMPLETE : RunStatus.FAILED;
  }

  /** Of sides that are jars, each block has a run's folder, and none is more than the others. */
  private static void index(AbPlan plan, AbFolder finished) throws IOException {
    if (plan.jar().isEmpty()) {
      for (Side side : Side.values()) {
        RunFolder folder = finished.side(side);
        RunIndex.add(plan.results(), folder);
      }
    }
  }
}
