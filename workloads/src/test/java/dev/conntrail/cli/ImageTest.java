package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.Json;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.testbed.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image of {@code scripts/image.sh}, in Docker without a cluster. */
@Tag("kind")
class ImageTest {
  private static final String IMAGE = "conntrail:latest";

  /** A user and a group that the machine does not know. */
  private static final int USER = 12345;

  /** What is looked at of a manifest. */
  private record Ended(String status) {}

  @TempDir private Path folder;
  private Path results;

  @BeforeEach
  void makeAUsersFolder() throws IOException {
    results = Files.createDirectory(folder.resolve("results"));
    Files.setAttribute(results, "unix:uid", USER);
    Files.setAttribute(results, "unix:gid", USER);
  }

  private static CommandProcess docker(List<String> options, String... arguments)
      throws IOException {
    return CommandProcess.start(
        Map.of(),
        Stream.of(
                // where this JVM was started in the background, SIGINT would be ignored
                Stream.of("/usr/bin/env", "--default-signal=INT", "docker", "run", "--rm"),
                options.stream(),
                Stream.of(IMAGE),
                Stream.of(arguments))
            .flatMap(s -> s)
            .toList());
  }

  private CommandProcess run(String experiment) throws IOException {
    return docker(
        List.of(
            "--privileged",
            "--volume=" + results + ":/results",
            "--volume=" + folder + ":/experiments:ro"),
        "run",
        experiment);
  }

  private static List<String> namespaces() {
    return Programs.run(List.of("ip", "netns", "list"), "", Programs.SHORT)
        .lines()
        .filter(l -> l.matches("ct[0-9a-f]{6}-.*"))
        .toList();
  }

  /** The one folder of results, which has to have ended. */
  private RunFolder found() throws IOException {
    try (Stream<Path> all = Files.list(results)) {
      List<Path> folders = all.filter(Files::isDirectory).toList();
      assertThat(folders).singleElement().asString().doesNotEndWith(RunFolder.PARTIAL);
      return new RunFolder(folders.getFirst());
    }
  }

  private static String status(RunFolder run) throws IOException {
    return Json.read(run.manifest(), Ended.class).status();
  }

  @Test
  void quickRunsInAContainerAndItsResultsAreTheUsers() throws Exception {
    CommandProcess run = run("quick");
    run.readUntil("1/7");
    assertThat(namespaces()).as("made in the container, not here").isEmpty();
    String output = run.end();
    assertThat(run.code()).as(output).isEqualTo(ExitCode.OK);

    RunFolder found = found();
    assertThat(status(found)).isEqualTo("complete");
    assertThat(found.rows(Tables.SUMMARY)).hasSize(7);
    assertThat(found.report().resolve("report.html")).isNotEmptyFile();
    try (Stream<Path> all = Files.walk(results)) {
      assertThat(all)
          .allSatisfy(f -> assertThat(Files.getAttribute(f, "unix:uid")).isEqualTo(USER));
    }
  }

  @Test
  void interruptedItDrainsAndKeepsWhatItHas() throws Exception {
    Files.writeString(
        folder.resolve("long.yaml"),
        """
        experiment: long
        testbed: netns
        repetitions: 50
        phases: {warmup: 100ms, measure: 700ms, drain: 1s}
        matrix:
          - {data-plane: [iptables, nftables], protocol: http1, connections: 20, pods: 3, rate: 200}
        """);
    CommandProcess run = run("/experiments/long.yaml");
    run.readUntil("2/100");
    run.interrupt();
    String output = run.end();
    assertThat(output).contains("stopping: draining");
    assertThat(run.code()).as(output).isNotEqualTo(ExitCode.OK);
    assertThat(status(found())).isEqualTo("partial");
    assertThat(found().rows(Tables.SUMMARY)).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void withoutPrivilegesDoctorAndRunNameThatAlone() throws Exception {
    CommandProcess doctor = docker(List.of(), "doctor");
    String said = doctor.end();
    assertThat(doctor.code()).as(said).isEqualTo(ExitCode.PREREQUISITE);
    assertThat(said.lines().filter(l -> l.startsWith("MISS")))
        .singleElement()
        .asString()
        .contains("privileges");
    assertThat(said).contains("mend: in a container, `docker run --privileged`");

    CommandProcess run = docker(List.of(), "run", "quick");
    said = run.end();
    assertThat(run.code()).as(said).isEqualTo(ExitCode.PREREQUISITE);
    assertThat(said).contains("--privileged", "run loopback");
  }

  @Test
  void allProgramsThatARunMayCallAreThere() {
    List<String> programs =
        List.of(
            "ip",
            "iptables-nft-save",
            "iptables-legacy-save",
            "nft",
            "conntrack",
            "nfacct",
            "ipset",
            "ipvsadm",
            "nsenter",
            "unshare",
            "setsid",
            "taskset",
            "modprobe");
    assertThat(
            Programs.run(
                    List.of(
                        "docker",
                        "run",
                        "--rm",
                        "--entrypoint=sh",
                        IMAGE,
                        "-c",
                        "for p in "
                            + String.join(" ", programs)
                            + "; do command -v $p || echo \"no $p\"; done"),
                    "",
                    Programs.SHORT)
                .lines())
        .noneMatch(l -> l.startsWith("no "))
        .hasSameSizeAs(programs);
  }

  /** As pods of the restricted Pod Security Standard are. */
  @Test
  void asAUserWithoutRightsInASmallContainerItRunsAndJavaSeesItsLimits() throws Exception {
    CommandProcess doctor =
        docker(
            List.of(
                "--user=65532:65532",
                "--read-only",
                "--tmpfs=/tmp",
                "--cap-drop=ALL",
                "--network=none",
                "--cpus=1",
                "--memory=256m"),
            "doctor");
    assertThat(doctor.end()).contains(", 1 CPUs").contains("testbed loopback: can run");
  }
}
