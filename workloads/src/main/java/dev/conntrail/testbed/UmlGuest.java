package dev.conntrail.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A User-mode Linux guest: a kernel as a process of this user, with this machine's files read-only
 * and one folder that it may write. It runs one command as root of its own, then powers off. What
 * the kernel can do is looked up in it ({@code --showconfig}), never assumed.
 *
 * @param kernel the kernel, a program
 * @param config its configuration, as {@code --showconfig} prints it
 * @param help its parameters, as {@code --help} prints them
 */
public record UmlGuest(Path kernel, String config, String help) {
  /** The program of Debian's package. */
  public static final String DEFAULT_KERNEL = "linux.uml";

  /** The line that installs what a guest needs on Debian and Ubuntu. */
  private static final String INSTALL =
      "apt-get install -y --no-install-recommends user-mode-linux ipvsadm ipset iproute2 iptables conntrack util-linux kmod";

  /** Set within a guest. */
  private static final String INSIDE = "CONNTRAIL_GUEST";

  private static final List<String> PROGRAMS =
      List.of(
          "ip", "ipvsadm", "ipset", "iptables-legacy-restore", "conntrack", "taskset", "setsid");

  private static final String MEMORY = "3072M";
  private static final Duration BOOT_AND_POWER_OFF = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(200);

  /**
   * Starts the guest, and ends it with all its processes when standard input ends: then whoever
   * started it is no more. The kernel makes a process group of its own, named after it; it is gone
   * before the watch is. All of a guest is one session of this machine, which shares CPUs out by
   * session (sched(7), autogroup): it goes before others where this user may say so, for whoever
   * runs within it waits for all of that machine.
   */
  private static final String WATCH =
      """
      { echo -10 >/proc/self/autogroup; } 2>/dev/null || :
      exec 3<&0
      "$@" </dev/null >"$CONNTRAIL_CONSOLE" 2>&1 3<&- &
      guest=$!
      { cat >/dev/null; kill -KILL -- "-$guest" -$$; } <&3 &
      wait "$guest"
      while kill -KILL -- "-$guest" 2>/dev/null; do sleep 0.01; done
      kill -KILL -- -$$
      """;

  /** How a guest's command ended, and what it wrote to standard error. */
  public record Done(int code, String err) {}

  /** Whether this process runs within a guest. */
  public static boolean inside() {
    return System.getenv(INSIDE) != null;
  }

  /**
   * Finds a kernel and asks it what it can.
   *
   * @param kernel a file; empty for {@value #DEFAULT_KERNEL}
   * @throws TestbedException naming what lacks, and the mend
   */
  public static UmlGuest find(String kernel) {
    List<String> lacking = PROGRAMS.stream().filter(p -> Programs.find(p).isEmpty()).toList();
    Path program =
        kernel.isEmpty()
            ? Programs.find(DEFAULT_KERNEL)
                .orElseThrow(() ->
                    new TestbedException(
                        "testbed uml needs the program " + DEFAULT_KERNEL, INSTALL))
            : Path.of(kernel).toAbsolutePath();
    if (!lacking.isEmpty()) {
      throw new TestbedException("testbed uml needs " + String.join(", ", lacking), INSTALL);
    }
    if (!Files.isExecutable(program)) {
      throw new TestbedException(
          "--uml-kernel: found "
              + program
              + ", which is no program; allowed: a User-mode Linux kernel, executable");
    }
    String config =
        Programs.attempt(List.of(program.toString(), "--showconfig"), "", Programs.SHORT).out();
    if (!config.contains("CONFIG_UML=y")) {
      throw new TestbedException(
          "--uml-kernel: found "
              + program
              + ", which does not print a User-mode Linux configuration (--showconfig); allowed: a User-mode Linux kernel");
    }
    Programs.Done help =
        Programs.attempt(List.of(program.toString(), "--help"), "", Programs.SHORT);
    return new UmlGuest(program, config, help.out() + help.err());
  }

  /** Whether an option is built in or a module. */
  private boolean has(String option) {
    return config.lines().anyMatch(l -> l.equals(option + "=y") || l.equals(option + "=m"));
  }

  /** What it can do. */
  public Abilities abilities() {
    return new Abilities(
        has("CONFIG_NF_TABLES_IPV4") && has("CONFIG_NFT_NAT"),
        has("CONFIG_IP_NF_IPTABLES") || has("CONFIG_IP_NF_IPTABLES_LEGACY"),
        has("CONFIG_IP_VS") && has("CONFIG_IP_SET"),
        help.contains("ncpus=") ? configured("CONFIG_NR_CPUS") : 1);
  }

  private int configured(String option) {
    return config
        .lines()
        .filter(l -> l.startsWith(option + "="))
        .map(l -> l.substring(option.length() + 1))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElse(1);
  }

  /**
   * Boots, runs a command, powers off.
   *
   * @param out the folder that the guest may write, there as {@code /run/out}
   * @param limit how long the command may take
   * @param lines gets each line that the command writes to standard output, as it comes
   * @throws TestbedException if the guest never got to the command, or did not end in time
   */
  public Done run(List<String> command, Path out, Duration limit, Consumer<String> lines)
      throws IOException {
    Path folder = out.toAbsolutePath();
    Path init = executable(folder.resolve("init"));
    Files.writeString(folder.resolve("command"), script(command));
    Files.createDirectories(folder.resolve("uml"));
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(
                    Stream.of("setsid", "bash", "-c", WATCH, "guest"),
                    boot(folder, init, limit).stream())
                .toList());
    builder.environment().put("CONNTRAIL_CONSOLE", folder.resolve("console").toString());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try {
      await(process, folder, limit, lines);
      Path code = folder.resolve("code");
      if (!Files.exists(code)) {
        throw new TestbedException(
            "the guest of " + kernel + " ended before its command did: " + last(folder));
      }
      return new Done(
          Integer.parseInt(Files.readString(code).strip()),
          Files.readString(folder.resolve("stderr")));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while the guest ran", e);
    } finally {
      end(process);
    }
  }

  private static String script(List<String> command) {
    return "export "
        + INSIDE
        + "=1\ncd "
        + quoted(Path.of("").toAbsolutePath().toString())
        + "\nexec "
        + String.join(" ", command.stream().map(UmlGuest::quoted).toList())
        + "\n";
  }

  private List<String> boot(Path folder, Path init, Duration limit) {
    List<String> boot =
        new ArrayList<>(
            List.of(
                "taskset",
                "-c",
                Integer.toString(Programs.lastCpu()),
                kernel.toString(),
                "umid=guest",
                "uml_dir=" + folder.resolve("uml"),
                "mem=" + MEMORY,
                "rootfstype=hostfs",
                "root=/dev/root",
                "ro",
                "noreboot",
                "quiet",
                "panic=-1",
                "con=null",
                "con0=null,fd:1"));
    if (help.contains("seccomp=")) {
      boot.add("seccomp=auto");
    }
    if (help.contains("ncpus=")) {
      boot.add("ncpus=1");
    }
    boot.addAll(
        List.of("init=" + init, "OUT=" + folder, "LIMIT=" + Math.max(1, limit.toSeconds())));
    return boot;
  }

  private static void await(Process process, Path folder, Duration limit, Consumer<String> lines)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plus(limit).plus(BOOT_AND_POWER_OFF);
    try (GrowingFile stdout = new GrowingFile(folder.resolve("stdout"))) {
      boolean ended;
      do {
        ended = process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        stdout.more().forEach(lines);
        if (!ended && Instant.now().isAfter(end)) {
          throw new TestbedException(
              "the guest did not end in " + limit.plus(BOOT_AND_POWER_OFF).toSeconds() + " s");
        }
      } while (!ended);
    }
  }

  /**
   * Ends the guest with all its processes: closing its input does, for its watch then ends them.
   */
  private static void end(Process process) throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String last(Path folder) throws IOException {
    Path console = folder.resolve("console");
    return Files.exists(console)
        ? Files.readAllLines(console, StandardCharsets.ISO_8859_1).stream()
            .filter(l -> !l.isBlank())
            .reduce((_, b) -> b)
            .orElse("it said nothing")
        : "it said nothing";
  }

  private static Path executable(Path file) throws IOException {
    try (InputStream in = UmlGuest.class.getResourceAsStream("/uml/init.sh")) {
      Files.write(file, in.readAllBytes());
    }
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
