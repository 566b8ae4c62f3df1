package dev.conntrail.cli;

import dev.conntrail.testbed.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command line as a process of its own, so that signals can be sent to it. */
final class CommandProcess {
  private final Process process;
  private final BufferedReader reader;
  private final List<String> lines = new ArrayList<>();

  private CommandProcess(Process process) {
    this.process = process;
    this.reader = process.inputReader();
  }

  /** Starts it; standard error goes where standard output goes. */
  static CommandProcess start(Map<String, String> environment, String... arguments)
      throws IOException {
    return start(
        environment,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "dev.conntrail.cli.Conntrail"),
        arguments);
  }

  /** Starts what stands for it: another program, which runs it elsewhere. */
  static CommandProcess start(
      Map<String, String> environment, List<String> program, String... arguments)
      throws IOException {
    List<String> command =
        Stream.of(
                // where this JVM was started in the background, SIGINT would be ignored
                Stream.of("/usr/bin/env", "--default-signal=INT"),
                program.stream(),
                Stream.of(arguments))
            .flatMap(s -> s)
            .toList();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new CommandProcess(builder.start());
  }

  /** Reads until a line holds a text; all lines so far. */
  List<String> readUntil(String text) throws IOException {
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.add(line);
      if (line.contains(text)) {
        return List.copyOf(lines);
      }
    }
    throw new AssertionError("it ended before '" + text + "': " + lines);
  }

  /** Reads to the end and waits; all it printed. */
  String end() throws IOException, InterruptedException {
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.add(line);
    }
    process.waitFor();
    return String.join("\n", lines);
  }

  int code() throws InterruptedException {
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      throw new AssertionError("it has not ended: " + lines);
    }
    return process.exitValue();
  }

  /** What Ctrl-C does. */
  void interrupt() {
    Programs.run(List.of("kill", "-INT", Long.toString(process.pid())), "", Programs.SHORT);
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * Its echo and load processes. A program that is just being started is for a moment a copy of the
   * process that starts it, and is none of them.
   */
  List<ProcessHandle> children() {
    return process
        .descendants()
        .filter(p -> {
          List<String> arguments = arguments(p);
          return arguments.contains("echo") || arguments.contains("load");
        })
        .toList();
  }

  /** From /proc, for ProcessHandle gives none of a command line as long as a class path. */
  private static List<String> arguments(ProcessHandle p) {
    try {
      return List.of(
          Files.readString(Path.of("/proc", Long.toString(p.pid()), "cmdline")).split("\0", -1));
    } catch (IOException _) {
      return List.of();
    }
  }
}
