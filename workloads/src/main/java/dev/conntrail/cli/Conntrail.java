package dev.conntrail.cli;

import dev.conntrail.experiment.Build;
import dev.conntrail.spec.SpecException;
import dev.conntrail.testbed.TestbedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The program. */
@Command(
    name = "conntrail",
    mixinStandardHelpOptions = true,
    versionProvider = Conntrail.Version.class,
    description =
        "Follows every long-lived connection through a Kubernetes Service to the pod it lands on.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DoctorCommand.class,
      ListCommand.class,
      PlanCommand.class,
      RunCommand.class,
      RerunCommand.class,
      ReportCommand.class,
      CompareCommand.class,
      AaCommand.class,
      AbCommand.class,
      PublishCommand.class,
      PackCommand.class,
      UnpackCommand.class,
      ChanceCommand.class,
      TuneCommand.class,
      CalibrateCommand.class,
      TestbedCommand.class,
      RulesCommand.class,
      EchoCommand.class,
      LoadCommand.class,
      GuestCommand.class,
      ProxyCommand.class,
      CompletionCommand.class,
      HelpCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail chance --counts 3,0,1,5,0    is this chance, or a fault?",
      "  conntrail doctor          what this machine can run",
      "  conntrail plan default    what a run would do, and for how long",
      "  conntrail run quick       run a bundled experiment, then report",
      "  conntrail run my.yaml     run your own",
      "",
      "Exit codes: 0 ok, 2 usage or spec, 3 prerequisite, 4 cells failed or run not",
      "whole, 5 a verdict that --fail-on names, 130 stopped by Ctrl-C, 143 by SIGTERM."
    })
public final class Conntrail {
  /** The version of the jar, and the commit that it was built of. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"conntrail " + Build.here().text()};
    }
  }

  private Conntrail() {}

  /** Runs a command line and exits. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Conntrail());
    line.setParameterExceptionHandler(new Refusals());
    line.setExecutionExceptionHandler((e, command, _) -> {
      int code =
          switch (e) {
            case SpecException _, IllegalArgumentException _ -> ExitCode.USAGE;
            case TestbedException _ -> ExitCode.PREREQUISITE;
            default -> ExitCode.CELLS;
          };
      command
          .getErr()
          .println(
              command
                  .getColorScheme()
                  .errorText("conntrail: " + (e.getMessage() == null ? e : e.getMessage())));
      if (System.getenv("CONNTRAIL_DEBUG") != null) {
        e.printStackTrace(command.getErr());
      }
      return code;
    });
    return line;
  }
}
