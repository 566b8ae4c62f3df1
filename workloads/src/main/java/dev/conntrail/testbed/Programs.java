package dev.conntrail.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs programs and waits for them. */
public final class Programs {
  /** How long a program may take that is only asked something. */
  public static final Duration SHORT = Duration.ofSeconds(30);

  /** How long rules may take to load: nft is quadratic in one transaction. */
  public static final Duration LONG = Duration.ofMinutes(10);

  private static final Duration KILL_LOOK = Duration.ofMillis(5);

  private static final List<Path> ALSO =
      List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/local/sbin"));

  private Programs() {}

  /**
   * What a program did.
   *
   * @param exitCode its exit code
   * @param out standard output
   * @param err standard error
   */
  public record Done(int exitCode, String out, String err) {
    /** The output, if all went well. */
    public String orThrow(List<String> command) {
      if (exitCode != 0) {
        String why = err.isBlank() ? out : err;
        throw new TestbedException(
            "`"
                + String.join(" ", command)
                + "` ended with "
                + exitCode
                + ": "
                + why.strip().lines().limit(5).reduce((a, b) -> a + "; " + b).orElse("no output"));
      }
      return out;
    }
  }

  /** Finds a program on PATH or where administrators' programs are. */
  public static Optional<Path> find(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(
            Arrays.stream(path.split(":", -1)).filter(p -> !p.isEmpty()).map(Path::of),
            ALSO.stream())
        .map(dir -> dir.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The last CPU that this process may use. */
  public static int lastCpu() {
    try {
      String allowed =
          Files.readAllLines(Path.of("/proc/self/status")).stream()
              .filter(l -> l.startsWith("Cpus_allowed_list:"))
              .findFirst()
              .orElse("0");
      String[] parts = allowed.split("[^0-9]+");
      return Integer.parseInt(parts[parts.length - 1]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A command in a session of its own, where the system can: a terminal sends Ctrl-C to all
   * processes of its foreground group, and it is to reach this process alone, which ends the others
   * in order. A guest has no terminal, and starts programs slowly enough.
   */
  public static List<String> ownSession(List<String> command) {
    return UmlGuest.inside()
        ? command
        : find("setsid")
            .map(p -> Stream.concat(Stream.of(p.toString()), command.stream()).toList())
            .orElse(command);
  }

  /** Runs a program; its output if all goes well. */
  public static String run(List<String> command, String input, Duration limit) {
    return attempt(command, input, limit).orThrow(command);
  }

  /**
   * Runs a program, whatever its exit code; an interrupt of this thread ends it, Ctrl-C on the
   * terminal does not.
   */
  public static Done attempt(List<String> command, String input, Duration limit) {
    Process process = null;
    try {
      process = new ProcessBuilder(ownSession(located(command))).start();
      CompletableFuture<String> out = read(process.getInputStream());
      CompletableFuture<String> err = read(process.getErrorStream());
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException _) {
        // the program did not want all of it; its exit code tells
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        end(process);
        throw new TestbedException(
            "`" + String.join(" ", command) + "` did not end in " + limit.toSeconds() + " s");
      }
      return new Done(process.exitValue(), out.join(), err.join());
    } catch (IOException e) {
      throw new TestbedException("cannot run `" + command.getFirst() + "`: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      end(process);
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while `" + command.getFirst() + "` ran", e);
    }
  }

  /** An ordinary user's PATH often lacks the folders of administrators' programs. */
  private static List<String> located(List<String> command) {
    return find(command.getFirst())
        .map(p -> Stream.concat(Stream.of(p.toString()), command.stream().skip(1)).toList())
        .orElse(command);
  }

  /** Kills processes that this user may kill, and waits; whether they are gone in that time. */
  public static boolean kill(List<ProcessHandle> processes, Duration limit) {
    List<ProcessHandle> killed = processes.stream().filter(ProcessHandle::destroyForcibly).toList();
    return Polling.until(
        "processes to end",
        limit,
        KILL_LOOK,
        () -> killed.stream().noneMatch(ProcessHandle::isAlive));
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  /**
   * All of a pipe, on a thread of its own kind: who reads a pipe keeps the thread under a virtual
   * one, and where all of these are kept by readers another virtual one may never begin.
   */
  private static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (stream) {
            text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException e) {
            text.completeExceptionally(new UncheckedIOException(e));
          }
        });
    return text;
  }
}
