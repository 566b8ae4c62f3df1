package dev.conntrail.experiment;

import dev.conntrail.result.Csv;
import dev.conntrail.result.Rows;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.testbed.kube.ClusterOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs small experiments for tests. */
final class Runs {
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

  static ExperimentRun.Ended run(Path results, String yaml, String edit) throws IOException {
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
            ClusterOptions.DEFAULT),
        new Quiet(),
        new Cancellation());
  }

  static List<Rows.Summary> summaries(ExperimentRun.Ended ended) throws IOException {
    return Csv.read(ended.folder().summary(), Rows.Summary.class);
  }

  static List<Rows.Verdict> verdicts(ExperimentRun.Ended ended, String unit) throws IOException {
    return Csv.read(ended.folder().verdicts(), Rows.Verdict.class).stream()
        .filter(v -> v.unit().equals(unit))
        .toList();
  }
}
