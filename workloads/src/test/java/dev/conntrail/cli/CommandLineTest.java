package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Hindrance;
import dev.conntrail.analysis.Prospect;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.TestRun;
import dev.conntrail.spec.BundledExperiments;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class CommandLineTest {
  private static final String OBJECTS =
      "src/test/resources/golden/1.34/reference/iptables-objects.yaml";

  @TempDir private Path folder;

  /** Every command with its own, at any depth. */
  private static Stream<CommandLine> commands(CommandLine line) {
    return Stream.concat(
        Stream.of(line), line.getSubcommands().values().stream().flatMap(c -> commands(c)));
  }

  static Stream<CommandLine> commands() {
    return commands(Conntrail.commandLine());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpFitsATerminalAndSaysConntrail(CommandLine command) {
    String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
    String name = command.getCommandSpec().qualifiedName();
    assertThat(help).contains("Usage: " + name).doesNotContain("java -jar");
    assertThat(help.lines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
    assertThat(command.getCommandSpec().usageMessage().footer())
        .as("examples are not broken")
        .allSatisfy(l -> assertThat(help.lines()).contains(l));
    assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpBreaksNoOptionAndNoLabel(CommandLine command) {
    String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
    assertThat(help.lines()).as("broken at a hyphen").noneMatch(l -> l.endsWith("-"));
    String synopsis = command.getHelp().synopsis("Usage: ".length());
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden() && option.arity().max() > 0) {
        String whole = option.longestName() + "=" + option.paramLabel();
        assertThat(synopsis).contains(whole);
        assertThat(help.lines())
            .as("where it is explained")
            .anyMatch(l -> l.strip().startsWith(whole));
        assertThat(whole).as("a word for what it takes").matches("--[a-z-]+=[A-Z].*");
      }
    }
  }

  /** Whatever this machine has: each is placed, in part or whole, or is said not to run. */
  @Test
  void doctorSaysWhereEachExperimentWouldRun() {
    List<String> said = Called.with("doctor").out().lines().toList();
    assertThat(BundledExperiments.NAMES)
        .allSatisfy(name ->
            assertThat(said)
                .anyMatch(l -> l.matches(name + ": (cannot run here: |[\\d,]+ cells? on \\w+).*")));
    int cells = BundledExperiments.nameOrFile("loopback").cells().size();
    assertThat(said).contains("loopback: " + cells + " cells on loopback");
  }

  @Test
  void helpHasExamplesAndExitCodes() {
    for (String command :
        List.of(
            "plan",
            "run",
            "rerun",
            "report",
            "ab",
            "publish",
            "pack",
            "unpack",
            "chance",
            "tune",
            "testbed",
            "rules",
            "echo",
            "load",
            "completion")) {
      assertThat(Called.with(command, "--help").out()).as(command).contains("Examples:");
    }
    assertThat(Called.with("--help").out())
        .contains("Exit codes: 0 ok, 2 usage or spec, 3 prerequisite, 4", ", 5 ", "130", "143");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "testbed up --pods x    | --pods: found 'x'; allowed: a whole number | conntrail testbed up",
        "testbed up --pods      | --pods: found nothing; allowed: a whole number | conntrail testbed up",
        "run quick --testbed x  | --testbed: found 'x'; allowed: auto, netns | conntrail run",
        "run quick --resuls x   | --resuls: no such option (did you mean --reuse or --results?) | conntrail run",
        "run quick --fail-on=by-design | --fail-on: found 'by-design'; allowed: not-chance, law-broken, too-few-to-tell | conntrail run",
        "publish x              | --to: found nothing; allowed: | conntrail publish",
        "load --out x --target 127.0.0.1:1 --fail-on failed,x | --fail-on: found 'x'; allowed: failed, unanswered, short-of-cpu | conntrail load",
        "report x --fail-on not-chance,x | --fail-on: found 'x'; allowed: not-chance, law-broken, too-few-to-tell | conntrail report",
        "run                    | EXPERIMENT: found nothing; allowed: a bundled experiment (see list), or a YAML file | conntrail run",
        "runn                   | found 'runn' (did you mean run or rerun or tune?); allowed: doctor, list, | conntrail",
        "testbed upp            | found 'upp' (did you mean up?); allowed: up, down, | conntrail testbed",
        "testbed                | found no subcommand; allowed: up, down, status, rbac | conntrail testbed",
        "chance --counts 3, 0   | found '0', which is one word too many; allowed: --counts N,N,..., without spaces | conntrail chance",
        "ab quick --vary pods  | --vary: found 'pods'; allowed: AXIS=A,B with an axis of data-plane, iptables-backend, | conntrail ab",
        "ab quick --vary a=1,2 | --vary: found 'a=1,2'; allowed: AXIS=A,B | conntrail ab",
        "ab --vary pods=1,2 --jar x.jar | found --vary and --jar; allowed: one of them, or none | conntrail ab",
        "ab quick modes --edit-rules a=>b | found Y and --edit-rules; allowed: one of them, or none | conntrail ab",
        "ab --jar x.jar         | --jar: found 'x.jar'; allowed: a jar that can be read | conntrail ab",
        "ab --budget 10         | --budget: found '10'; allowed: a time for measuring, such as 90s or 10m | conntrail ab",
        "ab --margin 1          | --margin: found 1.0; allowed: above 1, up to 10 | conntrail ab",
        "tune --pods 1 --scale-to 2 --connections 1 | --balanced-within: found nothing; allowed: the time in which all connections are | conntrail tune",
        "tune --pods x          | --pods: found 'x'; allowed: a whole number | conntrail tune",
        "list x                 | found 'x', which is one word too many | conntrail list",
        "rules --data-plane x   | --objects: found nothing; allowed: services and EndpointSlices | conntrail rules"
      })
  void aWrongCommandLineIsRefusedInOneLineThatSaysWhatIsAllowed(
      String typed, String line, String command) {
    Called ended = Called.with(typed.split(" "));
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("conntrail: ")
        .contains(line);
    assertThat(ended.err()).endsWith("Try '" + command + " --help'\n");
  }

  @Test
  void theVersionNamesTheCommitThatItWasBuiltOf() {
    assertThat(Called.with("--version").out().strip())
        .matches(
            "conntrail \\d+\\.\\d+\\.\\d+ \\(commit ([0-9a-f]{9}(-dirty)? of \\d{4}-\\d\\d-\\d\\d|unknown)\\)");
    Programs.Done head =
        Programs.attempt(List.of("git", "rev-parse", "--short=9", "HEAD"), "", Programs.SHORT);
    if (head.exitCode() == 0) {
      assertThat(Called.with("--version").out()).contains("(commit " + head.out().strip());
    }
  }

  /** The script works in bash itself. */
  @ParameterizedTest
  @CsvSource({
    "conntrail ru, 'run rules'",
    "conntrail run qu, quick",
    "conntrail run quick --testbed ne, netns",
    "conntrail run quick --res, --results",
    "conntrail report x --fail-on law, law-broken",
    "conntrail testbed st, status"
  })
  void bashCompletes(String typed, String expected) throws IOException {
    Path script =
        Files.writeString(folder.resolve("completion.bash"), Called.with("completion").out());
    String words = typed.replace(" ", "' '");
    String ask =
        "source "
            + script
            + " && COMP_WORDS=('"
            + words
            + "') && COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) && _complete_conntrail"
            + " && complete -p conntrail >/dev/null && echo \"${COMPREPLY[@]}\"";
    Programs.Done done = Programs.attempt(List.of("bash", "--norc", "-c", ask), "", Programs.SHORT);
    assertThat(done.out().strip()).as(done.err()).isEqualTo(expected);
  }

  @Test
  void planPrintsCellsAndTimeAndRunsNothing() {
    Called plan = Called.with("plan", "quick");
    assertThat(plan.code()).isZero();
    assertThat(plan.out())
        .contains(
            "testbed netns, 7 cells, 7 repetitions",
            "   3          900    10 %  16.8 %           iptables, short-lived, 10 callers\n",
            "   4           10    10 %  too few to tell  nftables, http1, 10 connections\n",
            "   7           10          by design        direct, http1, 10 connections\n",
            "(corrected for 6 tests: ",
            "connections: about 9,800 on 10 pods\n",
            "expected time: ");
    assertThat(plan.out().lines().filter(l -> l.matches("  +\\d+  .*")).count()).isEqualTo(7);
  }

  @Test
  void planSaysWhichTestbedsAreMeantAndWhatHinders() {
    assertThat(PlanText.testbed(TestbedKind.KIND, Map.of(TestbedKind.KIND, 3))).isEqualTo("kind");
    assertThat(PlanText.testbed(TestbedKind.AUTO, Map.of())).isEqualTo("auto");
    Map<TestbedKind, Integer> two = new EnumMap<>(Map.of(TestbedKind.NETNS, 3));
    two.put(TestbedKind.UML, 1);
    assertThat(PlanText.testbed(TestbedKind.AUTO, two))
        .isEqualTo("auto (netns: 3 cells, uml: 1 cell)");
    Cell changed =
        ExperimentReader.parse(
                "literal.yaml",
                """
                experiment: literal
                question: What is meant?
                matrix:
                  - {connections: 6, pods: 5, events: [{at: 500ms, add-endpoints: 5}]}
                """)
            .cells()
            .getFirst();
    List<String> row =
        PlanText.row(
            1,
            new Prospect(
                changed,
                new Prospect.Connections(6, Prospect.Connections.Known.EXACTLY),
                new Prospect.Outlook.NotJudged(Hindrance.EVENTS)));
    assertThat(row.get(0)).contains("not judged:  ");
    assertThat(row.get(1)).matches(" +events( .*)?");
    assertThat(PlanText.course(changed.repeated(1).course())).startsWith("once: warm-up ");
    assertThat(PlanText.course(changed.repeated(2).course())).startsWith("2 times: warm-up ");
  }

  @Test
  void listNamesEverything() {
    assertThat(Called.with("list").out())
        .contains(
            "default",
            "few-connections",
            "auto netns uml loopback kind cluster",
            "rr wrr lc wlc sh dh mh sed nq",
            "iptables nftables ipvs direct",
            "grpc-stream");
  }

  @Test
  void wrongUsageAndSpecsEndWithTwo() throws IOException {
    Path bad =
        Files.writeString(
            folder.resolve("bad.yaml"), "experiment: x\nmatrix:\n  - protocl: http1\n");
    assertThat(Called.with("plan", bad.toString()))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(2);
          assertThat(e.err())
              .contains("bad.yaml:3: matrix.protocl: found an unknown key")
              .contains("did you mean 'protocol'?")
              .doesNotContain("\tat ");
        });
    assertThat(Called.with("plan", "nothing.yaml").code()).isEqualTo(2);
    assertThat(Called.with("plan").code()).isEqualTo(2);
    assertThat(Called.with("fly").code()).isEqualTo(2);
    Path results = folder.resolve("results");
    assertThat(
            Called.with(
                "run", "quick", "--results", results.toString(), "--edit-rules", "nonsense"))
        .satisfies(e -> assertThat(e.code()).isIn(2, 3));
    assertThat(results)
        .satisfiesAnyOf(r -> assertThat(r).doesNotExist(), r -> assertThat(r).isEmptyDirectory());
    assertThat(Called.with("rules", "--objects", OBJECTS, "--data-plane", "ipfw").err())
        .contains("--data-plane: found 'ipfw'; allowed: iptables, nftables, ipvs");
    assertThat(
            Called.with(
                    "rules",
                    "--objects",
                    OBJECTS,
                    "--data-plane",
                    "iptables",
                    "--cluster-cidr",
                    "10.244/16")
                .err())
        .contains("--cluster-cidr: found '10.244/16'");
    assertThat(Called.with("rules", "--objects", "missing.yaml", "--data-plane", "iptables").err())
        .contains("missing.yaml: no such file");
    assertThat(Called.with("rules", "--objects", bad.toString(), "--data-plane", "iptables"))
        .satisfies(e -> assertThat(e.code()).isEqualTo(2));
    assertThat(Called.with("report", folder.toString()).err()).contains("found no manifest.json");
    assertThat(Called.with("load").err())
        .contains("--target: found nothing; allowed: once or more, HOST:PORT of");
    assertThat(Called.with("load", "--out", folder.toString(), "--target", "x").err())
        .contains("--target: found 'x'; allowed: HOST:PORT");
    assertThat(Called.with("testbed", "up", "--pods", "999").err())
        .contains("--pods: found 999; allowed: 1 to 300");
    assertThat(Called.with("testbed", "down", "nobody").err()).contains("nobody: no such testbed");
  }

  /** In brackets a synopsis has what may be left out. */
  @Test
  void theSynopsisOfLoadShowsWhatIsNeeded() {
    String synopsis = Called.with("load", "--help").out().split("Drive load")[0];
    assertThat(synopsis)
        .containsPattern("(?<!\\[)--target=ADDRESS")
        .contains("[--orders]", "[--out=DIR]");
  }

  @Test
  void resultsOfAnotherLoadAreNotLost() throws IOException {
    Path totals = Files.writeString(folder.resolve("totals.json"), "{}");
    Called load = Called.with("load", "--out", folder.toString(), "--target", "127.0.0.1:1");
    assertThat(load.code()).isEqualTo(2);
    assertThat(load.err())
        .startsWith("conntrail: --out: found '" + folder + "', which has the results of another");
    assertThat(totals).hasContent("{}");
  }

  @Test
  void aDelayOfAnswersIsRefusedWhereItCannotBe() {
    String results = folder.resolve("results").toString();
    assertThat(
            Called.with(
                "run", "quick", "--testbed", "kind", "--results", results, "--echo-delay", "50ms"))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(2);
          assertThat(e.err())
              .startsWith(
                  "conntrail: --echo-delay: found on testbed kind; allowed on netns, uml, auto and"
                      + " loopback, for on a cluster echo runs as its image has it; mend: --testbed"
                      + " auto\n");
        });
    for (String delay : List.of("50", "0ms", "61s", "-1s", "1h")) {
      assertThat(Called.with("run", "quick", "--results", results, "--echo-delay", delay))
          .satisfies(e -> {
            assertThat(e.code()).isEqualTo(2);
            assertThat(e.err())
                .startsWith(
                    "conntrail: --echo-delay: found '"
                        + delay
                        + "'; allowed: a time from 1ms to 1m, such as 50ms, by which");
          });
    }
    assertThat(Called.with("echo", "--delay", "soon").err())
        .startsWith("conntrail: --delay: found 'soon'; allowed: a time from 1ms to 1m");
    assertThat(folder.resolve("results")).doesNotExist();
  }

  /** One line, with the file; and no report. */
  private Called refused(TestRun run, Path file, String text) throws IOException {
    Path results = run.fill().write().path();
    Files.writeString(results.resolve(file), text);
    Called ended = Called.with("report", results.toString());
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.err()).startsWith("conntrail: " + results.resolve(file));
    return ended;
  }

  @Test
  void aFolderThatCannotBeReportedEndsWithTwo() throws IOException {
    TestRun run = TestRun.ofCells(folder.resolve("run"), "pods: 2");
    assertThat(refused(run, Path.of("manifest.json"), "{\"schema\": 9, \"more\": []}").err())
        .contains("schema 9 is newer than this Conntrail reads", "mend: ");
    assertThat(refused(run, Path.of("cells.csv"), "run\nx\n").err())
        .contains("cells.csv:1: found no column 'cell_id'");
    Files.createFile(run.write().report());
    assertThat(Called.with("report", folder.resolve("run").toString()))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(2);
          assertThat(e.err()).contains("run/report: cannot be written: ", "mend: move it away");
        });
  }

  @Test
  void aFolderThatIsDamagedIsReportedWithWhatIsMissing() throws IOException {
    RunFolder run = TestRun.ofCells(folder.resolve("run"), "pods: 2").fill().write();
    Files.writeString(run.of(Tables.LOG), "\"");
    assertThat(Called.with("report", run.path().toString()).code()).isZero();
    assertThat(Files.readString(run.report().resolve("report.md")))
        .contains("- log.csv:1: found a value whose quotes do not close");
  }

  @Test
  void resultsThatCannotBeWrittenAreRefusedBeforeAnythingIsMade() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    for (Path results : List.of(file, file.resolve("deeper"), Path.of("/proc/results"))) {
      Called run = Called.with("run", "loopback", "--results", results.toString());
      assertThat(run.code()).as(results.toString()).isEqualTo(2);
      assertThat(run.err())
          .contains("--results: found '" + results + "', but ", "; mend: --results with another");
    }
    assertThat(Called.with("run", "loopback", "--results", "/proc/results").err())
        .contains("/proc cannot be written by ");
    assertThat(Called.with("calibrate", file.toString()).err())
        .contains("DIR: found '" + file + "', but " + file + " is no folder");
    assertThat(folder.toFile().list()).containsExactly("file");
  }

  @Test
  void rulesPrintsWhatLoads() {
    Called iptables =
        Called.with(
            "rules",
            "--objects",
            OBJECTS,
            "--data-plane",
            "iptables",
            "--node",
            "kind-worker",
            "--cluster-cidr",
            "10.244.0.0/16");
    assertThat(iptables.code()).isZero();
    assertThat(iptables.out())
        .startsWith(
            "# iptables-restore --noflush\n# loads where this counter is: nfacct add ct_state_invalid_dropped_pkts\n")
        .contains(
            "-A KUBE-SERVICES -m comment --comment \"default/echo cluster IP\" -m tcp -p tcp -d 10.96.119.100 --dport 80 -j KUBE-SVC-HV6DMF63W6MGLRDE")
        .endsWith("COMMIT\n");
    assertThat(
            Called.with("rules", "--objects", OBJECTS, "--data-plane", "iptables", "--no-nfacct")
                .out())
        .doesNotContain("nfacct");
    Called nft =
        Called.with(
            "rules",
            "--objects",
            OBJECTS,
            "--data-plane",
            "nftables",
            "--node",
            "kind-worker",
            "--cluster-cidr",
            "10.244.0.0/16");
    assertThat(nft.out())
        .startsWith("add table ip kube-proxy")
        .contains(
            "add table ip6 kube-proxy", "drop comment \"Drop traffic to unallocated ClusterIPs\"");
  }
}
