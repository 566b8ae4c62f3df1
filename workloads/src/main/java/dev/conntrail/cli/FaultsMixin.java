package dev.conntrail.cli;

import dev.conntrail.spec.TestbedKind;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Options of faults that a run plants: what would the measurement say of them? */
final class FaultsMixin {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--edit-rules",
      paramLabel = "REGEX=>TEXT",
      defaultValue = "",
      description =
          "Change the rule text before it is loaded: what would the measurement say of faulty rules? Recorded in the manifest.")
  private String editRules;

  @Option(
      names = "--echo-delay",
      paramLabel = "DURATION",
      converter = Delays.class,
      description =
          "A time from 1ms to 1m, such as 50ms, by which every answer of echo is sent later: what would the measurement say of slower pods? Recorded in the manifest.")
  private Duration echoDelay = Duration.ZERO;

  /** The edit of rules; empty for none. */
  String editRules() {
    return editRules;
  }

  /** The delay of answers; zero for none. */
  Duration echoDelay() {
    return echoDelay;
  }

  /** Refuses what cannot be planted on a testbed. */
  void check(TestbedKind taken) {
    refuse(
        spec,
        taken,
        "--edit-rules",
        !editRules.isEmpty(),
        "netns, uml and auto, for on a cluster kube-proxy loads the rules");
    refuse(
        spec,
        taken,
        "--echo-delay",
        !echoDelay.isZero(),
        "netns, uml, auto and loopback, for on a cluster echo runs as its image has it; mend: --testbed auto");
  }

  /**
   * Refuses on a cluster what cannot be planted there.
   *
   * @param given whether the option is
   * @param allowed where it may be, and why
   */
  static void refuse(
      CommandSpec spec, TestbedKind taken, String option, boolean given, String allowed) {
    if (given && taken.kubernetes()) {
      throw new ParameterException(
          spec.commandLine(),
          option + ": found on testbed " + taken.word() + "; allowed on " + allowed);
    }
  }
}
