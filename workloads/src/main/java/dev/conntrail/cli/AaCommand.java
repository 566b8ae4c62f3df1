package dev.conntrail.cli;

import dev.conntrail.compare.AaStore;
import dev.conntrail.compare.Noise;
import dev.conntrail.compare.Timed;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes and stores identical runs. */
@Command(
    name = "aa",
    mixinStandardHelpOptions = true,
    description =
        "Run the same experiment several times and store it: what moves between identical runs of this machine is what compare widens its intervals by. Runs that are stored already count too.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail aa compare           eight runs more",
      "  conntrail aa my.yaml --runs 12",
      "  conntrail aa compare --runs 0  what the stored runs show"
    })
final class AaCommand implements Callable<Integer> {
  private static final String ROW = "%-13s  %-12s  %10s  %s";
  private static final double TWO_SD = 1.96;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "EXPERIMENT",
      arity = "0..1",
      defaultValue = "compare",
      completionCandidates = Words.Experiments.class,
      description = "A bundled experiment, or a YAML file (default: ${DEFAULT-VALUE}).")
  private String experiment;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "8",
      description = "How many runs to make (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "Folder of results; the runs go to aa in it (default: ${DEFAULT-VALUE}).")
  private Path results;

  @Override
  public Integer call() throws IOException {
    if (runs < 0 || runs > 100) {
      throw new ParameterException(
          spec.commandLine(), "--runs: found " + runs + "; allowed: 0 to 100");
    }
    Path store = results.resolve(AaStore.FOLDER);
    for (int i = 1; i <= runs; i++) {
      spec.commandLine().getErr().println("identical run " + i + " of " + runs);
      int code =
          Conntrail.commandLine()
              .execute("run", experiment, "--results", store.toString(), "--no-report", "--quiet");
      if (code != ExitCode.OK) {
        return code;
      }
    }
    return tell(store);
  }

  private int tell(Path store) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Optional<RunResults> last = last(store);
    if (last.isEmpty()) {
      out.println(store + ": no runs are stored; `conntrail aa` makes some");
      out.flush();
      return ExitCode.OK;
    }
    AaStore aa = AaStore.read(store, last.get());
    out.println(Numbers.counted((long) aa.size(), "identical run") + " of this machine: " + store);
    out.println(
        ROW.formatted("time", "over", "runs", "two runs differ, in 95 of 100 times, by up to"));
    for (Timed timed : Timed.values()) {
      for (boolean controlled : List.of(false, true)) {
        out.println(row(aa.noise(last.get(), timed, controlled), timed, controlled, aa.size()));
      }
    }
    out.flush();
    return ExitCode.OK;
  }

  private static String row(Optional<Noise> noise, Timed timed, boolean controlled, int stored) {
    return String.format(
        Locale.ROOT,
        ROW,
        timed.word(),
        controlled ? "its control" : "nothing",
        noise.map(n -> Integer.toString(n.runs())).orElse("none"),
        noise
            .map(n ->
                Numbers.number(Math.exp(TWO_SD * Math.sqrt(2) * n.sd()))
                    + "\u00d7, beyond what their repetitions show")
            .orElse(
                stored < Noise.FEWEST_RUNS
                    ? "unknown: it takes " + Noise.FEWEST_RUNS + " runs"
                    : "unknown: in these runs it was not recorded"
                        + (controlled ? ", or has no direct cell" : "")));
  }

  /** The newest run that is stored. */
  private static Optional<RunResults> last(Path store) throws IOException {
    List<RunFolder> stored = RunFolder.in(store);
    return stored.isEmpty() ? Optional.empty() : Optional.of(RunResults.read(stored.getLast()));
  }
}
