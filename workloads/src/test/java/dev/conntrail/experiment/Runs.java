package dev.conntrail.experiment;

import dev.conntrail.ChildJar;
import dev.conntrail.dataplane.NodeProxy;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Side;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.spec.ExperimentYaml;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.kube.ClusterOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs small experiments for tests. */
public final class Runs {
  static {
    ChildJar.use();
  }

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
    return run(results, yaml, edit, Duration.ZERO);
  }

  static ExperimentRun.Ended run(Path results, String yaml, String edit, Duration echoDelay)
      throws IOException {
    Experiment experiment = ExperimentReader.parse("test.yaml", yaml);
    return ExperimentRun.run(
        experiment, options(results, experiment, edit, echoDelay), new Quiet(), new Cancellation());
  }

  static RunOptions options(Path results, Experiment experiment, String edit) {
    return options(results, experiment, edit, Duration.ZERO);
  }

  private static RunOptions options(
      Path results, Experiment experiment, String edit, Duration echoDelay) {
    return new RunOptions(
        results,
        edit,
        echoDelay,
        List.of("test"),
        "test",
        placement(experiment),
        Optional.empty(),
        ClusterOptions.DEFAULT,
        TestbedRegistry.newRun());
  }

  /** All on the testbed that it names, whatever this machine has. */
  static Placement placement(Experiment experiment) {
    Optional<IptablesBackend> auto =
        experiment.cells().stream()
            .flatMap(c -> c.plane().backend().stream())
            .filter(b -> b == IptablesBackend.AUTO)
            .findFirst()
            .map(NodeProxy::resolve);
    return Placement.of(
        experiment, false, AtHand.of(Map.of(experiment.testbed(), AtHand.Has.of(Map.of(), auto))));
  }

  /** A plan of two sides, of which the rules of b are edited. */
  static AbPlan ab(Path results, String a, String b, String edit, Duration budget) {
    return AbPlanning.of(
        new AbPlanning.Asked(
            new ExperimentYaml("a.yaml", a),
            new ExperimentYaml("b.yaml", b),
            Optional.empty(),
            edit,
            Optional.empty(),
            2,
            budget,
            1.25,
            3),
        (experiment, side) -> options(results, experiment, side == Side.B ? edit : ""));
  }

  static List<SummaryRow> summaries(ExperimentRun.Ended ended) throws IOException {
    return ended.folder().rows(Tables.SUMMARY);
  }

  /** What clients were told of requests that failed. */
  static String errors(RunFolder folder, SummaryRow s) throws IOException {
    return folder.repetition(s.at().cellId(), s.at().repetition()).rows(Tables.ERRORS).stream()
        .map(e -> e.error() + " x " + e.requestsCount())
        .collect(Collectors.joining("; "));
  }

  /** Verdicts on connections. */
  static List<VerdictRow> verdicts(ExperimentRun.Ended ended) throws IOException {
    return verdicts(ended.folder());
  }

  static List<VerdictRow> verdicts(RunFolder folder) throws IOException {
    return folder.rows(Tables.VERDICTS).stream().filter(v -> v.unit() == Unit.CONNECTIONS).toList();
  }
}
