package dev.conntrail.cli;

import dev.conntrail.calibration.CalibrationPlan.Profile;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A kernel to measure.
 *
 * @param guest whether it is a guest's, or this machine's own
 * @param much how much is measured
 * @param planes only these; empty for all that it can do
 * @param umlKernel a guest's; empty for Debian's
 */
record CalibrationJob(boolean guest, Profile much, Set<DataPlane> planes, String umlKernel) {
  /**
   * What is to be measured after a run: the kernels that it ran in. A guest is asked where it is
   * the only one, for ipvs alone and quickly, and after a full run: its clock is too coarse to tell
   * a Service's nanoseconds in the time that a shorter run leaves.
   *
   * @return empty where the run's kernels were not this machine's
   * @throws IllegalArgumentException if the folder is no run's
   */
  static List<CalibrationJob> after(RunFolder run, Profile much) throws IOException {
    if (!run.exists()) {
      throw new IllegalArgumentException(
          "--for-run: found no manifest.json in "
              + run.path()
              + "; allowed: a result folder, as `run` writes it");
    }
    Manifest manifest = RunResults.manifest(run);
    List<TestbedKind> testbeds = manifest.testbeds();
    List<CalibrationJob> jobs = new ArrayList<>();
    if (testbeds.contains(TestbedKind.NETNS)) {
      jobs.add(new CalibrationJob(false, much, Set.of(), ""));
    }
    if (testbeds.contains(TestbedKind.UML)) {
      String kernel = RunCommand.umlKernel(manifest.command());
      if (much == Profile.FULL) {
        jobs.add(new CalibrationJob(true, Profile.DEFAULT, Set.of(), kernel));
      } else if (jobs.isEmpty()) {
        jobs.add(new CalibrationJob(true, Profile.QUICK, Set.of(DataPlane.IPVS), kernel));
      }
    }
    return jobs;
  }
}
