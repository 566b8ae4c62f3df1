package dev.conntrail.cli;

import dev.conntrail.experiment.Build;
import dev.conntrail.experiment.EnvironmentProbe;
import dev.conntrail.result.Environment;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.CellRow;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Does the experiment of a result folder again. */
@Command(
    name = "rerun",
    mixinStandardHelpOptions = true,
    description =
        "Run the experiment of a result folder again, on the same testbed with the same edit of the rules, into a new folder; first it says what differs between then and now, and at the end what could not be known before.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail rerun results/20261122T180000Z_default_netns_abc123",
      "  conntrail rerun DIR --dry-run    what differs, and no run",
      "  conntrail rerun DIR -- --json --fail-on not-chance    options of run"
    })
final class RerunCommand implements Callable<Integer> {
  private static final String KEPT = "nothing that is recorded of machine, programs and cells";

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "A result folder.")
  private Path folder;

  @Parameters(
      index = "1..*",
      paramLabel = "OPTION",
      description = "After --: options of run, such as --json.")
  private List<String> options = List.of();

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "Folder of results (default: ${DEFAULT-VALUE}).")
  private Path results;

  @Option(names = "--dry-run", description = "Say what differs, and run nothing.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException {
    RunFolder then = ResultFolder.require(folder);
    Manifest manifest;
    Environment environment;
    try {
      RunResults read = RunResults.read(then);
      manifest = read.manifest();
      environment = read.environment();
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    List<String> again = again(then, manifest);
    Experiment experiment = experiment(then, manifest, again);
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        "again: run "
            + manifest.run()
            + " of "
            + manifest.startedUtc()
            + ": conntrail "
            + String.join(" ", again));
    before(then, manifest, environment, experiment).forEach(err::println);
    err.flush();
    return dryRun ? ExitCode.OK : run(again, manifest, environment, err);
  }

  private int run(List<String> again, Manifest manifest, Environment environment, PrintWriter err)
      throws IOException {
    Path file = Files.createTempFile("conntrail", ".folder");
    try {
      List<String> words = new ArrayList<>(again);
      words.addAll(List.of("--folder-file", file.toString()));
      words.addAll(options);
      CommandLine line = Conntrail.commandLine();
      line.setOut(spec.commandLine().getOut()).setErr(err);
      int code = line.execute(words.toArray(String[]::new));
      String now = Files.readString(file);
      if (!now.isEmpty()) {
        after(manifest, environment, RunResults.read(new RunFolder(Path.of(now))))
            .forEach(err::println);
        err.println("compare: conntrail compare " + folder + " " + now.strip());
        err.flush();
      }
      return code;
    } finally {
      Files.delete(file);
    }
  }

  /**
   * The command line that does it again.
   *
   * @throws IllegalArgumentException if the folder does not tell what it was
   */
  private List<String> again(RunFolder then, Manifest manifest) {
    String mend =
        "; mend: `conntrail run " + then.experiment() + "` with the options that are wanted";
    if (!Files.isRegularFile(then.experiment())) {
      throw new IllegalArgumentException(
          then.experiment() + ": no such file; what was run is not known");
    }
    if (!manifest.command().stream().findFirst().equals(Optional.of("run"))) {
      throw new IllegalArgumentException(
          then.manifest()
              + ": command: found "
              + manifest.command()
              + "; allowed: that of `run`, which says on which testbed it was"
              + mend);
    }
    List<String> again = new ArrayList<>(List.of("run", then.experiment().toString()));
    try {
      again.addAll(RunCommand.where(manifest.command()));
    } catch (CommandLine.ParameterException e) {
      throw new IllegalArgumentException(
          then.manifest() + ": command: this version refuses it: " + e.getMessage() + mend, e);
    }
    if (!manifest.rulesEdit().isEmpty()) {
      again.addAll(List.of("--edit-rules", manifest.rulesEdit()));
    }
    manifest.echoDelayMs().ifPresent(ms -> again.addAll(List.of("--echo-delay", ms + "ms")));
    again.addAll(List.of("--results", results.toString()));
    return again;
  }

  /** The experiment as this version reads it, which has to be that of the manifest. */
  private static Experiment experiment(RunFolder then, Manifest manifest, List<String> again) {
    int at = again.indexOf("--testbed");
    Experiment experiment =
        ExperimentReader.read(
            then.experiment(),
            at < 0 ? Optional.empty() : Named.find(TestbedKind.class, again.get(at + 1)));
    if (!experiment.name().equals(manifest.experiment()) || experiment.seed() != manifest.seed()) {
      throw new IllegalArgumentException(
          "%s: found experiment %s with seed %d; allowed: %s with seed %d, as manifest.json has them: one of both was altered"
              .formatted(
                  then.experiment(),
                  experiment.name(),
                  experiment.seed(),
                  manifest.experiment(),
                  manifest.seed()));
    }
    return experiment;
  }

  /** What differs, as far as it can be known before. */
  private static List<String> before(
      RunFolder then, Manifest manifest, Environment environment, Experiment experiment)
      throws IOException {
    List<String> lines = new ArrayList<>();
    if (environment.cpus() == 0) {
      lines.add("environment.json cannot be read: on what it ran is not known");
    } else {
      Environment now =
          EnvironmentProbe.probe(
              Build.here().version(),
              Set.copyOf(manifest.testbeds()),
              manifest.testbeds().stream().anyMatch(TestbedKind::kubernetes)
                  ? List.of()
                  : experiment.possible(),
              Map.of());
      Difference.of(environment, now).forEach(d -> lines.add(d.toString()));
    }
    if (manifest.schema() == Manifest.SCHEMA) {
      boolean others = ofOthers(manifest);
      Difference.ofCells(
              then.rows(Tables.CELLS).stream().map(row -> key(row, others)).toList(),
              experiment.possible().stream().map(cell -> asked(cell, others).key()).toList())
          .forEach(d -> lines.add(d.toString()));
    } else {
      lines.add("an earlier layout: whether defaults of cells differ is not known");
    }
    List<String> said = new ArrayList<>(lines.stream().map(l -> "  " + l).toList());
    if (lines.isEmpty()) {
      said.add("  " + KEPT + " differs");
    }
    if (manifest.testbeds().stream().anyMatch(TestbedKind::kubernetes)) {
      said.add("  kube-proxy's version, and kernels of nodes: told at the end");
    }
    return said;
  }

  /** Whether cells had the rules of another's kube-proxy, whatever they asked for. */
  private static boolean ofOthers(Manifest manifest) {
    return manifest.testbeds().stream().anyMatch(TestbedKind::kubernetes)
        || RunCommand.where(manifest.command()).contains(LikeMixin.LIKE);
  }

  /** As it was asked for: which backend it has follows from the kernel. */
  private static Cell asked(Cell cell, boolean ofOthers) {
    Cell even =
        cell.plane().backend().isPresent()
            ? cell.with(Axes.IPTABLES_BACKEND, IptablesBackend.AUTO)
            : cell;
    return ofOthers && Axes.KUBE_PROXY.appliesTo(even)
        ? even.with(Axes.KUBE_PROXY, KubeProxy.V1_34)
        : even;
  }

  /** The key that was written then, with the defaults of then; version 1.34 is in none. */
  private static String key(CellRow row, boolean ofOthers) {
    String even = row.cell().replaceFirst("iptables-backend=\\S+", "iptables-backend=auto");
    return ofOthers ? even.replaceFirst(" kube-proxy=\\S+", "") : even;
  }

  /** What differs of what is known only now. */
  private static List<String> after(Manifest manifest, Environment environment, RunResults now) {
    List<Difference> all = new ArrayList<>(Difference.ofRules(manifest, now.manifest()));
    all.addAll(Difference.ofClusters(environment, now.environment()));
    return all.stream().map(d -> "differs: " + d).toList();
  }
}
