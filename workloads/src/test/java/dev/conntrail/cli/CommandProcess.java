package dev.conntrail.cli;

import dev.conntrail.ChildJar;
import dev.conntrail.testbed.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command line as a process of its own, so that signals can be sent to it. */
public final class CommandProcess {
  /** Of the terminals that it is started on. */
  static final int COLUMNS = 100;

  /** Longer than any of them takes, also on a busy machine. */
  private static final long LIMIT_MINUTES = 12;

  private static final String CTRL_C = "\u0003";

  private final Process process;
  private final BufferedReader reader;
  private final StringBuilder written = new StringBuilder();
  private final List<String> lines = new ArrayList<>();

  private CommandProcess(Process process) {
    this.process = process;
    this.reader = process.inputReader();
    // who waits for it in vain fails, and does not wait for ever
    CompletableFuture.delayedExecutor(LIMIT_MINUTES, TimeUnit.MINUTES)
        .execute(process::destroyForcibly);
  }

  /** Starts it; standard error goes where standard output goes. */
  public static CommandProcess start(Map<String, String> environment, String... arguments)
      throws IOException {
    return start(environment, command(List.of(arguments)));
  }

  /** Starts it on a terminal of its own, as a person does. */
  public static CommandProcess onTerminal(Map<String, String> environment, String... arguments)
      throws IOException {
    return onTerminal(environment, command(List.of(arguments)));
  }

  /** Starts any program on a terminal of its own (script(1)). */
  public static CommandProcess onTerminal(Map<String, String> environment, List<String> command)
      throws IOException {
    String words =
        command.stream()
            .map(w -> "'" + w.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    Map<String, String> all = new HashMap<>(environment);
    all.put("TERM", "xterm");
    all.put("SHELL", "/bin/sh");
    return start(
        all,
        List.of(
            "script", "-qefc", "stty cols " + COLUMNS + " rows 24; exec " + words, "/dev/null"));
  }

  /** It as a command, which may follow another. */
  static List<String> command(List<String> arguments) {
    return Stream.of(
            List.of(
                // where this JVM was started in the background, or with nohup, they would be
                // ignored
                "/usr/bin/env",
                "--default-signal=INT,HUP,TERM",
                Path.of(System.getProperty("java.home"), "bin", "java").toString()),
            ChildJar.flags(),
            List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.conntrail.cli.Conntrail"),
            arguments)
        .flatMap(List::stream)
        .toList();
  }

  /** Starts any program. */
  public static CommandProcess start(Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new CommandProcess(builder.start());
  }

  /** The next line, which a carriage return ends as well; null at the end. */
  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      written.append((char) c);
      if (c == '\n' || c == '\r') {
        return line.toString();
      }
      line.append((char) c);
    }
    return line.isEmpty() ? null : line.toString();
  }

  /** Reads until a line holds a text; all lines so far. */
  public List<String> readUntil(String text) throws IOException {
    for (String line = readLine(); line != null; line = readLine()) {
      lines.add(line);
      if (line.contains(text)) {
        return List.copyOf(lines);
      }
    }
    throw new AssertionError("it ended before '" + text + "': " + lines);
  }

  /** Reads to the end and waits; all it printed. */
  public String end() throws IOException, InterruptedException {
    for (String line = readLine(); line != null; line = readLine()) {
      lines.add(line);
    }
    process.waitFor();
    return String.join("\n", lines);
  }

  /** What its terminal shows, of all that was read. */
  public List<String> screen() {
    return Screen.of(written.toString(), COLUMNS);
  }

  public int code() throws InterruptedException {
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      throw new AssertionError("it has not ended: " + lines);
    }
    return process.exitValue();
  }

  /** Presses Ctrl-C on its terminal, which tells all processes of the foreground. */
  public void pressCtrlC() throws IOException {
    process.getOutputStream().write(CTRL_C.getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
  }

  /** Sends SIGINT to it alone. */
  public void interrupt() {
    signal("INT");
  }

  /** Sends a signal to it alone. */
  public void signal(String name) {
    Programs.run(List.of("kill", "-" + name, Long.toString(process.pid())), "", Programs.SHORT);
  }

  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * Its echo and load processes. A program that is just being started is for a moment a copy of the
   * process that starts it, and is none of them.
   */
  public List<ProcessHandle> children() {
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
