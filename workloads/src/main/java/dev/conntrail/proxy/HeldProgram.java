package dev.conntrail.proxy;

import dev.conntrail.posix.ProcessUse;
import dev.conntrail.testbed.Polling;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that runs in a place, with a folder of its own, for as long as it is held. */
final class HeldProgram implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration END = Duration.ofSeconds(5);

  /** Lines of its log that are shown where it does not start. */
  private static final int SHOWN = 3;

  /**
   * Runs a program until it ends or standard input does, so that it does not outlive this process;
   * says its number first.
   */
  private static final String HELD =
      """
      exec 3<&0
      log=$1
      shift
      "$@" </dev/null >"$log" 3<&- &
      proxy=$!
      echo "$proxy"
      exec >&-
      { read -r _ <&3; kill "$proxy" 2>/dev/null; } &
      held=$!
      trap 'kill "$proxy" 2>/dev/null' TERM
      wait "$proxy"
      code=$?
      kill "$held" 2>/dev/null
      exit "$code"
      """;

  private final String name;
  private final Path folder;
  private final Path log;
  private final Process process;
  private final long pid;

  /** Writes what a program is configured by, and says how it is started in the foreground. */
  @FunctionalInterface
  interface Preparation {
    List<String> in(Path folder) throws IOException;
  }

  /** Starts a command where the program is to run. */
  @FunctionalInterface
  interface Start {
    Process of(List<String> command) throws IOException;
  }

  /** Something that is asked until it is so; that it cannot be asked yet is no. */
  @FunctionalInterface
  interface Question {
    boolean holds() throws IOException;
  }

  private HeldProgram(String name, Path folder, Path log, Process process, long pid) {
    this.name = name;
    this.folder = folder;
    this.log = log;
    this.process = process;
    this.pid = pid;
  }

  /**
   * Starts one.
   *
   * @param log gets its standard error
   * @throws TestbedException if it does not start
   */
  static HeldProgram start(String name, Preparation preparation, Start start, Path log)
      throws IOException {
    // a path of a socket has at most 107 characters, and a result folder may have more
    Path folder = Files.createTempDirectory("conntrail-" + name + "-");
    Process process = null;
    try {
      List<String> command =
          Stream.concat(
                  Stream.of("sh", "-c", HELD, name, output(folder).toString()),
                  preparation.in(folder).stream())
              .toList();
      process = start.of(command);
      String number = process.inputReader().readLine();
      if (number == null) {
        throw new TestbedException(name + " was not started");
      }
      return new HeldProgram(name, folder, log, process, Long.parseLong(number));
    } catch (IOException | RuntimeException e) {
      end(process, folder);
      throw e;
    }
  }

  /** Its standard output. */
  static Path output(Path folder) {
    return folder.resolve("access.log");
  }

  /** Its folder. */
  Path folder() {
    return folder;
  }

  /** The number of its process. */
  long pid() {
    return pid;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** What its process has had of the machine; empty if it has ended. */
  Optional<ProcessUse> use() {
    return ProcessUse.of(pid);
  }

  /**
   * Waits until it listens.
   *
   * @throws TestbedException if it does not, with what it said last
   */
  void awaitListening(Question listens) {
    boolean ready = until("to listen", START, () -> !alive() || listens.holds());
    if (!ready || !alive()) {
      throw new TestbedException(
          name + (ready ? " ended with " + process.exitValue() : " does not listen") + said());
    }
  }

  /**
   * Waits until it has taken over what it was told.
   *
   * @throws TestbedException if it does not
   */
  void awaitTaken(String what, Question taken) {
    if (!until("to know its " + what, START, taken)) {
      throw new TestbedException(name + " does not take over its " + what);
    }
  }

  /** Waits; false if it is not so in time. */
  boolean until(String what, Duration limit, Question question) {
    return Polling.until(name + " " + what, limit, LOOK, () -> answer(question));
  }

  private static boolean answer(Question question) {
    try {
      return question.holds();
    } catch (IOException _) {
      return false;
    }
  }

  private String said() {
    try (Stream<String> lines = Files.lines(log)) {
      List<String> all = lines.filter(l -> !l.isBlank()).toList();
      return all.isEmpty()
          ? ""
          : ": " + String.join("; ", all.subList(Math.max(0, all.size() - SHOWN), all.size()));
    } catch (IOException e) {
      return ", and its log cannot be read: " + e.getMessage();
    }
  }

  /** Ends it, and leaves its folder. */
  void stop() {
    stop(process);
  }

  /** Ends it, with whatever it has open. */
  @Override
  public void close() {
    end(process, folder);
  }

  private static void end(Process process, Path folder) {
    stop(process);
    try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new TestbedException("cannot remove " + folder + ": " + e.getMessage(), e);
    }
  }

  /** It ends in order when its standard input does. */
  private static void stop(Process process) {
    if (process == null || !process.isAlive()) {
      return;
    }
    try {
      process.getOutputStream().close();
      if (process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (IOException _) {
      // it ends by force
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
