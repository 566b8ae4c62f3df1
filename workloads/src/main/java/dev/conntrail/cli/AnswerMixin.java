package dev.conntrail.cli;

import dev.conntrail.posix.Terminal;
import dev.conntrail.report.finding.CellWord;
import dev.conntrail.result.Json;
import dev.conntrail.spec.Named;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Options of commands that end with the answer of a run. */
final class AnswerMixin {
  /** What can be asked for as a failure. */
  private static final Set<CellWord> FAILURES =
      EnumSet.of(CellWord.NOT_CHANCE, CellWord.LAW_BROKEN, CellWord.TOO_FEW);

  /** Words that can be asked for, for completion. */
  static final class Failures implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return FAILURES.stream().map(Named::word).iterator();
    }
  }

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--json",
      description = "Print the answer as one JSON object, whose fields results/README.md explains.")
  private boolean json;

  @Option(
      names = "--quiet",
      description =
          "Print errors, and on standard output the path of the report, or else of the folder, alone; with --json the object.")
  private boolean quiet;

  @Option(
      names = "--fail-on",
      paramLabel = "VERDICTS",
      hideParamSyntax = true,
      split = ",",
      completionCandidates = Failures.class,
      description =
          "End with 5 if a cell is not-chance (or a matrix from node to node is), law-broken or too-few-to-tell; several are joined by commas.")
  private List<String> failOn = List.of();

  /** Whether only errors are told. */
  boolean quiet() {
    return quiet;
  }

  /** Whether the answer is asked for by itself, report or not. */
  boolean wanted() {
    return json || !failOn.isEmpty();
  }

  /** Names a folder of which no answer was asked for. */
  void print(Path folder) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(quiet ? Answered.absolute(folder) : AnswerText.folder(folder));
    out.flush();
  }

  /**
   * The verdicts that are failures.
   *
   * @throws ParameterException if a word is none
   */
  Set<CellWord> failures() {
    return FailOn.of(spec, failOn, FAILURES);
  }

  /** The code that a command ends with which would end with another, were it not for a verdict. */
  int code(Answered answered, int otherwise) {
    return failures().stream().anyMatch(answered.answer().words()::has)
        ? ExitCode.VERDICT
        : otherwise;
  }

  /** Prints the answer to standard output, of a command that ends with a code. */
  void print(Answered answered, int code) {
    List<String> lacks = answered.run().results().lacks();
    if (!quiet && !lacks.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              "conntrail: "
                  + lacks.size()
                  + (lacks.size() == 1 ? " thing" : " things")
                  + " that this folder does not tell, listed on top of the report; the first: "
                  + lacks.getFirst());
      spec.commandLine().getErr().flush();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.answer(AnswerJson.of(answered, code)));
    } else if (quiet) {
      out.println(answered.page().orElseGet(answered::folder));
    } else {
      int columns = Terminal.columns(Terminal.OUT).orElse(AnswerText.COLUMNS);
      AnswerText.lines(answered, columns).forEach(out::println);
    }
    out.flush();
  }
}
