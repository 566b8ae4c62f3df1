package dev.conntrail.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a script by which bash and zsh complete commands, options and their words. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description =
        "Print a script by which bash completes commands, options and their words (zsh: bashcompinit first).",
    footerHeading = "%nExamples:%n",
    footer = {
      "  alias conntrail=\"$PWD/scripts/conntrail.sh\"",
      "  source <(conntrail completion)"
    })
final class CompletionCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.println(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
    out.flush();
  }
}
