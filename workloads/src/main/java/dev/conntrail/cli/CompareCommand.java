package dev.conntrail.cli;

import dev.conntrail.compare.AaStore;
import dev.conntrail.compare.By;
import dev.conntrail.compare.Change;
import dev.conntrail.compare.Comparison;
import dev.conntrail.compare.ComparisonRow;
import dev.conntrail.compare.CountChange;
import dev.conntrail.posix.Terminal;
import dev.conntrail.report.comparison.ComparisonHeading;
import dev.conntrail.report.comparison.ComparisonReport;
import dev.conntrail.report.comparison.ComparisonText;
import dev.conntrail.report.comparison.GoBench;
import dev.conntrail.report.comparison.Junit;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Json;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.spec.Named;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two result folders, or cells of one. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description =
        "Compare two result folders, or cells of one that differ by an axis: times by repetition, counts by connection. A is what was, B what might replace it; nothing is measured.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail compare results/OLD results/NEW",
      "  conntrail compare results/RUN --by data-plane=iptables-nft,nftables",
      "  conntrail compare OLD NEW --to site/change --format junit",
      "  benchstat -col side <(conntrail compare OLD NEW --format gobench)",
      "",
      "Exit codes: 0 nothing slower beyond the margin, 2 usage, 3 not comparable,",
      "5 slower beyond the margin (or, with --fail-on-counts, a count differs),",
      "6 with --strict if a verdict cannot be told."
    })
final class CompareCommand implements Callable<Integer> {
  /** How to print it. */
  enum Format implements Named {
    TABLE("table"),
    MD("md"),
    CSV("csv"),
    JSON("json"),
    JUNIT("junit"),
    GOBENCH("gobench");

    private final String word;

    Format(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }

  /** The words of formats, for completion. */
  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Named.words(Format.class).iterator();
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "A", description = "A result folder.")
  private Path a;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "B",
      description = "Another; not with --by.")
  private Path b;

  @Option(
      names = "--by",
      paramLabel = "AXIS",
      description =
          "Compare cells of A that differ by this axis alone, such as data-plane; with =X,Y those two of its values.")
  private String by;

  @Option(
      names = "--margin",
      paramLabel = "RATIO",
      defaultValue = "1.25",
      description = "The ratio of times that matters (default: ${DEFAULT-VALUE}).")
  private double margin;

  @Option(
      names = "--anyway",
      description = "Go on where the runs are not comparable: counts alone get a verdict.")
  private boolean anyway;

  @Option(
      names = "--aa",
      paramLabel = "DIR",
      description =
          "Identical runs of this machine, as aa stores them (default: the folder aa beside B).")
  private Path aa;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Write compare.html, compare.md and compare.csv there.")
  private Path to;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      completionCandidates = Formats.class,
      description = "Print as ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private String formatWord;

  @Option(names = "--strict", description = "End with 6 if a verdict cannot be told.")
  private boolean strict;

  @Option(names = "--fail-on-counts", description = "End with 5 if a count differs, too.")
  private boolean failOnCounts;

  @Override
  public Integer call() throws IOException {
    check();
    Comparison c = comparison();
    boolean refused = !c.comparable() && !anyway;
    if (refused) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("conntrail: " + a + " and " + b + " are not comparable:");
      c.comparability().obstacles().forEach(o -> err.println("  " + o.text()));
      err.println("mend: runs that are alike in these; or --anyway, which compares counts alone");
      err.flush();
      return ExitCode.PREREQUISITE;
    }
    print(c);
    return code(c);
  }

  private Format format() {
    return Named.find(Format.class, formatWord)
        .orElseThrow(() ->
            new ParameterException(
                spec.commandLine(),
                "--format: found '"
                    + formatWord
                    + "'; allowed: "
                    + String.join(", ", Named.words(Format.class))));
  }

  private void check() {
    format();
    if ((b == null) == (by == null)) {
      throw new ParameterException(
          spec.commandLine(),
          "compare: found "
              + (b == null ? "one folder" : "two folders and --by")
              + "; allowed: two folders, or one with --by AXIS");
    }
    if (b != null && a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize())) {
      throw new ParameterException(
          spec.commandLine(),
          "compare: found " + a + " twice; allowed: two folders, or one with --by AXIS");
    }
    Margin.check(spec, margin);
    if (to != null) {
      WritableFolder.require(spec, "--to", to);
    }
  }

  private Comparison comparison() throws IOException {
    RunResults first = read(a);
    if (by != null) {
      return Comparison.of(first, By.parse(by), margin);
    }
    RunResults second = read(b);
    Path beside = b.toAbsolutePath().normalize().resolveSibling(AaStore.FOLDER);
    return Comparison.of(first, second, AaStore.read(aa == null ? beside : aa, second), margin);
  }

  private static RunResults read(Path folder) throws IOException {
    RunFolder run = ResultFolder.require(folder);
    try {
      return RunResults.read(run);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private void print(Comparison c) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Format format = format();
    switch (format) {
      case TABLE -> table(c, out);
      case MD -> out.print(ComparisonReport.markdown(c));
      case CSV -> out.print(Csv.text(ComparisonRow.class, ComparisonRow.of(c)));
      case JSON -> out.println(Json.answer(CompareJson.of(c, code(c))));
      case JUNIT -> out.println(Junit.of(c));
      case GOBENCH -> out.print(GoBench.of(c));
    }
    out.flush();
    if (to != null) {
      Path page = ComparisonReport.write(c, to).toAbsolutePath().normalize();
      ResultOwner.give(to);
      PrintWriter err = format == Format.TABLE ? out : spec.commandLine().getErr();
      err.println("page: " + page);
      err.flush();
    }
  }

  private static void table(Comparison c, PrintWriter out) {
    int columns = Terminal.columns(Terminal.OUT).orElse(AnswerText.COLUMNS);
    Wrapped.lines(ComparisonHeading.of(c).text(), columns).forEach(out::println);
    ComparisonText.lines(c).forEach(out::println);
    boolean noise = !c.times(Change.NOISE_UNKNOWN).isEmpty() && c.comparable();
    if (noise) {
      out.println(
          "noise between runs is unknown: `conntrail aa` measures it; `conntrail ab` does without");
    }
  }

  private int code(Comparison c) {
    boolean counts = failOnCounts && !c.counts(CountChange.DIFFERS).isEmpty();
    if (counts || !c.slowerBeyond().isEmpty()) {
      return ExitCode.VERDICT;
    }
    return strict && c.untold() ? ExitCode.UNTOLD : ExitCode.OK;
  }
}
