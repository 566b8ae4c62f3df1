package dev.conntrail.cli;

import dev.conntrail.experiment.AbPlan;
import dev.conntrail.experiment.AbRun;
import dev.conntrail.result.row.RunStatus;
import java.nio.file.Path;
import java.util.List;

/**
 * How {@code ab} ended, as {@code --json} prints it.
 *
 * @param folder its results, an absolute path
 * @param status how it ended
 * @param differs what differs between the sides, in words
 * @param blocksCount blocks that are whole
 * @param seed of their orders
 * @param notes what was limited or added
 * @param failures why repetitions failed
 * @param exitCode what the command ends with
 */
record AbJson(
    String folder,
    RunStatus status,
    String differs,
    int blocksCount,
    long seed,
    List<String> notes,
    List<String> failures,
    int exitCode) {
  static AbJson of(AbPlan plan, AbRun.Ended ended, Path folder, int exitCode) {
    return new AbJson(
        folder.toString(),
        ended.status(),
        plan.differs(),
        ended.blocks().size(),
        plan.seed(),
        plan.notes(),
        ended.failures(),
        exitCode);
  }
}
