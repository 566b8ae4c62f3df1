package dev.conntrail.experiment;

import dev.conntrail.result.Tables;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.kube.ClusterOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs small experiments for tests. */
public final class Runs {
  private Runs() {}

  /** Says nothing. */
  static final class Quiet implements Progress {
    final List<String> lines = new ArrayList<>();

    @Override
    public void say(String line) {
      lines.add(line);
    }

    @Override
    public void repetition(int done, int all, String what) {
      lines.add(done + "/" + all + " " + what);
    }
  }

  public static ExperimentRun.Ended run(Path results, String yaml, String edit) throws IOException {
    Experiment experiment = ExperimentReader.parse("test.yaml", yaml);
    return ExperimentRun.run(
        experiment,
        new RunOptions(
            results,
            edit,
            List.of("test"),
            "test",
            Placement.asNamed(experiment),
            Optional.empty(),
            ClusterOptions.DEFAULT,
            TestbedRegistry.newRun()),
        new Quiet(),
        new Cancellation());
  }

  static List<SummaryRow> summaries(ExperimentRun.Ended ended) throws IOException {
    return ended.folder().rows(Tables.SUMMARY);
  }

  /** Verdicts on connections. */
  static List<VerdictRow> verdicts(ExperimentRun.Ended ended) throws IOException {
    return ended.folder().rows(Tables.VERDICTS).stream()
        .filter(v -> v.unit() == Unit.CONNECTIONS)
        .toList();
  }
}
