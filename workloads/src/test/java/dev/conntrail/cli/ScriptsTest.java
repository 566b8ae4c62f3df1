package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the scripts call, in which order, and what they do with signals: in a checkout of their own,
 * with a Java that only writes down what it was asked.
 */
class ScriptsTest {
  /** It is a JDK 25; a run ends by itself if a file says so, else by a signal. */
  private static final String JAVA =
      """
      #!/usr/bin/env bash
      if [[ $1 == -version ]]; then echo 'openjdk version "25.0.3"' >&2; exit; fi
      echo "$*" | sed 's#^.*/\\([a-z]*.jar\\)#\\1#' >>"$STUB/called"
      after() { while [[ $# -gt 0 && $1 != "$key" ]]; do shift; done; echo "$2"; }
      key=--results folder=$(after "$@")/kept
      key=--folder-file file=$(after "$@")
      ended() { echo "$1" >>"$STUB/signals"; mkdir -p "$folder"; printf %s "$folder" >"$file"; exit "$2"; }
      case " $* " in
        *" run "*)
          trap 'ended INT 130' INT
          trap 'ended TERM 143' TERM
          [[ ! -e $STUB/short ]] || ended none 0
          echo measuring >&2
          while :; do sleep 0.02; done ;;
        *" report "*) echo "report: made" ;;
      esac
      """;

  @TempDir private Path folder;
  private Path checkout;
  private Map<String, String> environment;

  @BeforeEach
  void makeACheckout() throws IOException {
    checkout = folder.resolve("checkout");
    Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
    for (String program : List.of("java", "javac")) {
      Files.setPosixFilePermissions(
          Files.writeString(bin.resolve(program), JAVA),
          PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.createDirectories(checkout.resolve("scripts"));
    try (Stream<Path> scripts = Files.list(Path.of("../scripts"))) {
      for (Path script : scripts.toList()) {
        Files.copy(
            script,
            checkout.resolve("scripts").resolve(script.getFileName()),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    Files.writeString(checkout.resolve("pom.xml"), "");
    for (String module : List.of("benchmarks", "workloads")) {
      Files.createDirectories(checkout.resolve(module).resolve("src/main"));
      Files.writeString(checkout.resolve(module).resolve("pom.xml"), "");
      Path target = Files.createDirectories(checkout.resolve(module).resolve("target"));
      Path jar = Files.writeString(target.resolve(module + ".jar"), "");
      // newer than all that it would be built of
      Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
    }
    environment =
        Map.of(
            "JAVA_HOME", folder.resolve("jdk").toString(),
            "STUB", folder.toString());
  }

  private List<String> runAll(String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/bin/env",
                "--default-signal=INT",
                checkout.resolve("scripts/run-all.sh").toString(),
                "--testbed",
                "loopback",
                "--results",
                folder.resolve("results").toString()));
    command.addAll(List.of(options));
    return command;
  }

  private String kept() {
    return "scripts/conntrail.sh report " + folder.resolve("results/kept");
  }

  @Test
  void itCallsCommandsInOrder() throws Exception {
    Files.createFile(folder.resolve("short"));
    String kept = folder.resolve("results/kept").toString();
    for (String profile : List.of("quick", "default")) {
      Files.deleteIfExists(folder.resolve("called"));
      CommandProcess script =
          CommandProcess.start(
              environment, runAll("--profile", profile, "--", "--uml-kernel", "/k"));
      assertThat(script.end()).endsWith("report: made");
      assertThat(script.code()).isZero();
      List<String> called = new ArrayList<>(Files.readAllLines(folder.resolve("called")));
      assertThat(called.getFirst())
          .startsWith("workloads.jar run " + profile + " --results ")
          .contains("--uml-kernel /k --testbed loopback --no-report");
      assertThat(called.get(1))
          .isEqualTo(
              "benchmarks.jar --profile "
                  + (profile.equals("quick") ? "glance " : "quick ")
                  + kept
                  + "/jmh/lookups.json");
      assertThat(called.getLast()).isEqualTo("workloads.jar report " + kept);
      assertThat(called.subList(2, called.size() - 1))
          .isEqualTo(
              profile.equals("quick")
                  ? List.of()
                  : List.of(
                      "workloads.jar calibrate --for-run --profile default --no-report " + kept));
    }
  }

  /** The terminal tells the script; what it runs is told once, ends in order, and is the last. */
  @Test
  void ctrlCIsPassedOnOnceAndTheLastLineNamesWhatIsKept() throws Exception {
    CommandProcess script = CommandProcess.onTerminal(environment, runAll());
    script.readUntil("measuring");
    script.pressCtrlC();
    script.end();
    assertThat(script.code()).isEqualTo(130);
    assertThat(Files.readAllLines(folder.resolve("signals"))).containsExactly("INT");
    assertThat(Files.readAllLines(folder.resolve("called"))).hasSize(1);
    assertThat(String.join("", script.screen()))
        .endsWith("conntrail: stopped; what was measured is kept: " + kept());
    assertThat(script.screen()).anyMatch(l -> l.startsWith("conntrail: stopped; "));
  }

  @Test
  void aSignalToTheScriptAloneIsPassedOn() throws Exception {
    CommandProcess script = CommandProcess.start(environment, runAll());
    script.readUntil("measuring");
    script.signal("TERM");
    assertThat(script.end()).endsWith("conntrail: stopped; what was measured is kept: " + kept());
    assertThat(script.code()).isEqualTo(143);
    assertThat(Files.readAllLines(folder.resolve("signals"))).containsExactly("TERM");
  }

  @Test
  void theOtherDoorsAreTheProgramsThemselves() throws Exception {
    for (String[] door :
        new String[][] {{"conntrail.sh", "workloads.jar"}, {"jmh.sh", "benchmarks.jar"}}) {
      CommandProcess script =
          CommandProcess.start(
              environment,
              List.of(checkout.resolve("scripts").resolve(door[0]).toString(), "--help"));
      assertThat(script.end()).isEmpty();
      assertThat(script.code()).isZero();
      assertThat(Files.readAllLines(folder.resolve("called")).getLast())
          .isEqualTo(door[1] + " --help");
    }
  }

  /**
   * The reference runs, and what was run here, unless others are named; what follows -- is for the
   * command.
   */
  @Test
  void publishTakesResultsIntoTheSite() throws Exception {
    String script = checkout.resolve("scripts/publish.sh").toString();
    for (List<String> words :
        List.of(
            List.of(script),
            List.of(script, "a", "b", "--to", "c", "--", "--url", "https://example.org/"))) {
      CommandProcess process = CommandProcess.start(environment, words);
      assertThat(process.end()).isEmpty();
      assertThat(process.code()).isZero();
    }
    assertThat(Files.readAllLines(folder.resolve("called")))
        .containsExactly(
            "workloads.jar publish "
                + checkout.resolve("results/reference")
                + " --to "
                + checkout.resolve("site"),
            "workloads.jar publish a b --to c --url https://example.org/");
    CommandProcess wrong = CommandProcess.start(environment, List.of(script, "--too", "c"));
    assertThat(wrong.end()).isEqualTo("publish.sh: found --too; allowed: --to, --help, --");
    assertThat(wrong.code()).isEqualTo(2);
  }
}
