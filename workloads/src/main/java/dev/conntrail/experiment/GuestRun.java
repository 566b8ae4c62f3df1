package dev.conntrail.experiment;

import dev.conntrail.result.RunFolder;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.UmlGuest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A run's cells on testbed uml: this program once more, within a User-mode Linux guest, where it
 * makes the same namespaces as on testbed netns. Its results come back as a folder.
 */
public final class GuestRun {
  private static final int SLOWER = 4;
  private static final Duration START = Duration.ofMinutes(3);

  /** The file that tells the run within the guest to stop. */
  private static final String STOP = "stop";

  /** The folder that a guest may write, as it is named there. */
  public static final String THERE = "/run/out/";

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

  private GuestRun() {}

  /**
   * What is to be run there.
   *
   * @param cells of the experiment that run there
   * @param run the run's name
   * @param edit of rules, as the command line has it
   * @param echoDelay of each answer; zero for at once
   */
  record Order(
      Experiment experiment, List<Cell> cells, String run, String edit, Duration echoDelay) {
    List<String> arguments() {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "run",
                  THERE + "experiment.yaml",
                  "--testbed",
                  "uml",
                  "--run",
                  run,
                  "--cells",
                  THERE + "cells",
                  "--results",
                  THERE + "results",
                  "--folder-file",
                  THERE + "folder",
                  "--stop-file",
                  THERE + STOP,
                  "--no-report"));
      if (!edit.isEmpty()) {
        arguments.addAll(List.of("--edit-rules", edit));
      }
      if (!echoDelay.isZero()) {
        arguments.addAll(List.of("--echo-delay", echoDelay.toMillis() + "ms"));
      }
      return arguments;
    }
  }

  /**
   * Runs within a guest.
   *
   * @param out a folder of its own, which is all that the guest can write to
   * @param lines gets what the run says
   * @return the folder of results, within {@code out}; empty if there is none
   */
  static Optional<RunFolder> run(
      UmlGuest guest, Order order, Path out, Cancellation cancellation, Consumer<String> lines)
      throws IOException {
    Experiment experiment = order.experiment();
    Files.createDirectories(out);
    Files.writeString(out.resolve("experiment.yaml"), experiment.source());
    Files.writeString(
        out.resolve("cells"),
        experiment.places(order.cells()).stream().map(n -> n + "\n").collect(Collectors.joining()));
    Duration limit =
        experiment
            .only(order.cells(), TestbedKind.UML)
            .expectedDuration()
            .multipliedBy(SLOWER)
            .plus(START);
    try (Cancellation.Handle _ = cancellation.onCancel(() -> stop(out))) {
      guest.run(java(order.arguments()), out, limit, lines);
    }
    Path named = out.resolve("folder");
    return Files.exists(named)
        ? Optional.of(
            new RunFolder(
                out.resolve("results").resolve(Path.of(Files.readString(named)).getFileName())))
        : Optional.empty();
  }

  private static void stop(Path out) {
    try {
      Files.writeString(out.resolve(STOP), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command that runs this program within a guest. */
  public static List<String> java(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(
        List.of(
            "-cp", absolute(System.getProperty("java.class.path")), "dev.conntrail.cli.Conntrail"));
    command.addAll(arguments);
    return command;
  }

  private static String absolute(String classPath) {
    return String.join(
        ":",
        Stream.of(classPath.split(":", -1))
            .map(p -> Path.of(p).toAbsolutePath().toString())
            .toList());
  }
}
