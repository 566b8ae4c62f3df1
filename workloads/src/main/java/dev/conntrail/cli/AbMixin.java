package dev.conntrail.cli;

import dev.conntrail.compare.Timed;
import dev.conntrail.experiment.AbPlanning;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.BundledExperiments;
import dev.conntrail.spec.ExperimentYaml;
import dev.conntrail.spec.TestbedKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What two sides are, and how long they are measured. */
final class AbMixin {
  /** Seeds that are easily typed again. */
  private static final long SEEDS = 1_000_000;

  /** Values are single words of YAML. */
  private static final Pattern VARY =
      Pattern.compile("([a-z0-9-]+)=([A-Za-z0-9./-]+),([A-Za-z0-9./-]+)");

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "X",
      defaultValue = "compare",
      completionCandidates = Words.Experiments.class,
      description = "A bundled experiment, or a YAML file (default: ${DEFAULT-VALUE}).")
  private String experiment;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "Y",
      completionCandidates = Words.Experiments.class,
      description = "Another for side b, whose cells differ from those of X in the same axes.")
  private String other;

  @Option(
      names = "--vary",
      paramLabel = "AXIS",
      description =
          "AXIS=A,B: set an axis or a setting to A on side a, and to B on side b, in all of X.")
  private String vary;

  @Option(
      names = "--edit-rules",
      paramLabel = "REGEX=>TEXT",
      defaultValue = "",
      description = "Change the rule text of side b before it is loaded.")
  private String editRules;

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description = "Side a by an older jar of Conntrail, side b by this one, in turns.")
  private Path jar;

  @Option(
      names = "--budget",
      paramLabel = "TIME",
      defaultValue = "6m",
      converter = Durations.class,
      description =
          "A time for measuring, such as 90s or 10m (default: ${DEFAULT-VALUE}); as many blocks as a verdict needs are measured all the same.")
  private Duration budget;

  @Option(
      names = "--margin",
      paramLabel = "RATIO",
      defaultValue = "1.1",
      description = "The ratio of times that matters (default: ${DEFAULT-VALUE}).")
  private double margin;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the orders of blocks (default: a new one, which ab.json records).")
  private Long seed;

  /** What changes side b's rules; empty for nothing. */
  String editRules() {
    return editRules;
  }

  /** Refuses what is no comparison of one thing with one other. */
  void check() {
    List<String> given = new ArrayList<>();
    if (other != null) {
      given.add("Y");
    }
    if (vary != null) {
      given.add("--vary");
    }
    if (!editRules.isEmpty()) {
      given.add("--edit-rules");
    }
    if (jar != null) {
      given.add("--jar");
    }
    if (given.size() > 1) {
      throw refusal("found " + String.join(" and ", given) + "; allowed: one of them, or none");
    }
    if (jar != null && !Files.isReadable(jar)) {
      throw refusal("--jar: found '" + jar + "'; allowed: a jar that can be read");
    }
    Margin.check(spec, margin);
  }

  /**
   * What is asked for.
   *
   * @param testbed taken instead of the one that the experiments name
   */
  AbPlanning.Asked asked(Optional<TestbedKind> testbed) {
    ExperimentYaml x = read(experiment, testbed);
    ExperimentYaml a = x;
    ExperimentYaml b = other == null ? x : read(other, testbed);
    if (vary != null) {
      Matcher m = VARY.matcher(vary);
      if (!m.matches() || !Axes.words().contains(m.group(1))) {
        throw refusal(
            "--vary: found '"
                + vary
                + "'; allowed: AXIS=A,B with an axis of "
                + String.join(", ", Axes.words()));
      }
      a = x.with(m.group(1), m.group(2));
      b = x.with(m.group(1), m.group(3));
    }
    return new AbPlanning.Asked(
        a,
        b,
        testbed,
        editRules,
        Optional.ofNullable(jar).map(Path::toAbsolutePath),
        Timed.primaries().size(),
        budget,
        margin,
        seed == null ? ThreadLocalRandom.current().nextLong(SEEDS) : seed);
  }

  /** What is wrong with an experiment as it is, is said of it as it is. */
  private static ExperimentYaml read(String nameOrFile, Optional<TestbedKind> testbed) {
    ExperimentYaml yaml = BundledExperiments.yaml(nameOrFile);
    yaml.read(testbed);
    return yaml;
  }

  private ParameterException refusal(String why) {
    return new ParameterException(spec.commandLine(), why);
  }
}
