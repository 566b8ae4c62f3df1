package dev.conntrail.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Refuses a command line in one line: what was found, what is allowed; and where the help is. */
final class Refusals implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(command.getColorScheme().errorText("conntrail: " + line(e)));
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'");
    err.flush();
    return ExitCode.USAGE;
  }

  /**
   * What a command throws of an option whose value it does not take.
   *
   * @param allowed in words
   */
  static ParameterException of(CommandSpec spec, String option, String found, String allowed) {
    return new ParameterException(
        spec.commandLine(), option + ": found '" + found + "'; allowed: " + allowed);
  }

  private static String line(ParameterException e) {
    return switch (e) {
      case UnmatchedArgumentException unmatched -> unmatched(unmatched);
      case MissingParameterException missing -> missing(missing);
      // said by picocli of a value that is not of its option's type
      default ->
          e.getArgSpec() != null && e.getValue() != null
              ? name(e.getArgSpec())
                  + ": found '"
                  + e.getValue()
                  + "'; allowed: "
                  + allowed(e.getArgSpec())
              : e.getMessage();
    };
  }

  private static String unmatched(UnmatchedArgumentException e) {
    String found = e.getUnmatched().getFirst();
    List<String> near = e.getSuggestions();
    String meant = near.isEmpty() ? "" : " (did you mean " + String.join(" or ", near) + "?)";
    if (e.isUnknownOption()) {
      return found + ": no such option" + meant;
    }
    String commands = String.join(", ", e.getCommandLine().getSubcommands().keySet());
    return commands.isEmpty()
        ? "found '" + found + "', which is one word too many" + lists(e.getCommandLine())
        : "found '" + found + "'" + meant + "; allowed: " + commands;
  }

  /** Whoever puts spaces into a list has a word too many. */
  private static String lists(CommandLine command) {
    return command.getCommandSpec().options().stream()
        .filter(o -> o.paramLabel().contains(","))
        .map(o -> "; allowed: " + o.longestName() + " " + o.paramLabel() + ", without spaces")
        .collect(Collectors.joining());
  }

  private static String missing(MissingParameterException e) {
    return e.getMissing().stream()
        .map(a -> name(a) + ": found nothing; allowed: " + allowed(a))
        .collect(Collectors.joining("; "));
  }

  private static String name(ArgSpec arg) {
    return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
  }

  private static String allowed(ArgSpec arg) {
    Class<?> type = arg.type();
    if (type == int.class || type == Integer.class || type == long.class) {
      return "a whole number";
    }
    String said = String.join(" ", arg.description()).split("\\. ")[0];
    return Character.toLowerCase(said.charAt(0)) + said.substring(1).replaceFirst("\\.$", "");
  }
}
