package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.spec.TestbedKind;

/** Where the cells of a run were. */
final class Testbeds {
  private Testbeds() {}

  /** Whether kube-proxy itself made the rules. */
  static boolean kubernetes(Analysis run) {
    return run.results().manifest().testbeds().stream().anyMatch(TestbedKind::kubernetes);
  }

  /** Whether some cells were on a testbed. */
  static boolean had(Analysis run, TestbedKind testbed) {
    return run.results().measured().stream().anyMatch(c -> c.testbed() == testbed);
  }
}
