package dev.conntrail.experiment;

import dev.conntrail.result.Csv;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.UmlGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A run on testbed uml: this program once more, within a User-mode Linux guest, where it makes the
 * same namespaces as on testbed netns. Its results come back as a folder.
 */
public final class GuestRun {
  private static final String FOLDER = ".guest-";
  private static final int SLOWER = 4;
  private static final Duration START = Duration.ofMinutes(3);

  /** Java in the guest: one CPU, little memory, no files where it cannot write. */
  private static final List<String> FLAGS =
      List.of(
          "-Xmx512m",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-XX:TieredStopAtLevel=1",
          "-Djava.io.tmpdir=/run/tmp",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /**
   * How it ended.
   *
   * @param folder the results; empty if there are none
   * @param code the exit code of the run
   */
  public record Ended(Optional<RunFolder> folder, int code) {}

  private GuestRun() {}

  /**
   * Refuses what the guest's kernel cannot do.
   *
   * @throws TestbedException naming data plane, kernel and mend
   */
  public static void require(Experiment experiment, UmlGuest guest) {
    boolean ipvs = experiment.cells().stream().anyMatch(c -> c.dataPlane() == DataPlane.IPVS);
    boolean nft =
        experiment.cells().stream()
            .anyMatch(c ->
                c.dataPlane() == DataPlane.NFTABLES
                    || (c.dataPlane() == DataPlane.IPTABLES && c.backend() == IptablesBackend.NFT));
    boolean legacy =
        ipvs
            || experiment.cells().stream()
                .anyMatch(
                    c -> c.dataPlane() == DataPlane.IPTABLES && c.backend() != IptablesBackend.NFT);
    List<String> lacking = new ArrayList<>();
    if (ipvs && !guest.ipvs()) {
      lacking.add("ip_vs, for data plane ipvs");
    }
    if (nft && !guest.nftables()) {
      lacking.add("nf_tables for IPv4, for nftables and iptables-nft");
    }
    if (legacy && !guest.legacyIptables()) {
      lacking.add("ip_tables, for iptables and ipvs");
    }
    if (!lacking.isEmpty()) {
      throw new TestbedException(
          "the guest kernel "
              + guest.kernel()
              + " has no "
              + String.join(" and no ", lacking)
              + "; mend: another kernel with --uml-kernel, or other cells");
    }
  }

  /**
   * Runs within a guest.
   *
   * @param results where the folder of results goes
   * @param arguments of the run: experiment and options, without {@code --results}
   * @param lines gets what the run says
   */
  public static Ended run(
      UmlGuest guest,
      Experiment experiment,
      Path results,
      List<String> arguments,
      Consumer<String> lines)
      throws IOException {
    Files.createDirectories(results);
    clearKilled(results);
    Path out = Files.createDirectory(results.resolve(FOLDER + ProcessHandle.current().pid()));
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(FLAGS);
      command.addAll(
          List.of(
              "-cp",
              absolute(System.getProperty("java.class.path")),
              "dev.conntrail.cli.Conntrail",
              "run"));
      command.addAll(arguments);
      command.addAll(
          List.of(
              "--testbed",
              "uml",
              "--results",
              "/run/out/results",
              "--folder-file",
              "/run/out/folder",
              "--no-report"));
      Duration limit = experiment.expectedDuration().multipliedBy(SLOWER).plus(START);
      UmlGuest.Done done = guest.run(command, out, limit, lines);
      return new Ended(moved(out, results), done.code());
    } finally {
      RunFolder.deleteTree(out);
    }
  }

  private static String absolute(String classPath) {
    return String.join(
        ":",
        Stream.of(classPath.split(":", -1))
            .map(p -> Path.of(p).toAbsolutePath().toString())
            .toList());
  }

  /** Takes the folder out of the guest's, and its row into the index. */
  private static Optional<RunFolder> moved(Path out, Path results) throws IOException {
    Path named = out.resolve("folder");
    if (!Files.exists(named)) {
      return Optional.empty();
    }
    Path there = out.resolve("results").resolve(Path.of(Files.readString(named)).getFileName());
    Path here = results.resolve(there.getFileName());
    Files.move(there, here);
    Path index = out.resolve("results").resolve("index.csv");
    if (Files.exists(index)) {
      Csv.append(results.resolve("index.csv"), Rows.Index.class, Csv.read(index, Rows.Index.class));
    }
    return Optional.of(new RunFolder(here));
  }

  /** Removes what guests wrote whose run is no more. */
  private static void clearKilled(Path results) throws IOException {
    List<Path> left;
    try (Stream<Path> all = Files.list(results)) {
      left = all.filter(p -> p.getFileName().toString().startsWith(FOLDER)).toList();
    }
    for (Path folder : left) {
      long pid = Long.parseLong(folder.getFileName().toString().substring(FOLDER.length()));
      if (ProcessHandle.of(pid).isEmpty()) {
        RunFolder.deleteTree(folder);
      }
    }
  }
}
