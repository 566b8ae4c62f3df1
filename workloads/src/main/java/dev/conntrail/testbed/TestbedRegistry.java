package dev.conntrail.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * What Conntrail has made on this machine, kept in files, so that a later run clears what a killed
 * one left, and nothing else. A namespace is only ever removed if its name is in such a file and it
 * is still the same one (its inode).
 */
public final class TestbedRegistry {
  private static final Path NETNS = Path.of("/run/netns");
  private static final Duration KILL_WAIT = Duration.ofSeconds(5);

  private TestbedRegistry() {}

  /**
   * A testbed on this machine.
   *
   * @param run its name
   * @param size how large it is
   * @param lasting whether it is meant to outlive its process
   * @param pid the process that made it
   * @param pidStart when that process started, for pids are used again
   * @param namespaces names, with the inode of each; 0 if it was not confirmed
   */
  public record Entry(
      String run,
      TestbedSize size,
      boolean lasting,
      long pid,
      String pidStart,
      Map<String, Long> namespaces) {
    /** Whether the process that made it still runs. */
    public boolean alive() {
      return startOf(pid).filter(pidStart::equals).isPresent();
    }
  }

  private static Path folder() {
    return Path.of(Optional.ofNullable(System.getenv("CONNTRAIL_STATE")).orElse("/run/conntrail"));
  }

  /** A name for a new run. */
  public static String newRun() {
    return "ct%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
  }

  /** Notes what this process is about to make. */
  static Entry register(String run, TestbedSize size, boolean lasting, List<String> names) {
    long pid = ProcessHandle.current().pid();
    Map<String, Long> namespaces = new TreeMap<>();
    names.forEach(n -> namespaces.put(n, 0L));
    return write(new Entry(run, size, lasting, pid, startOf(pid).orElse(""), namespaces));
  }

  /** Notes the inodes, now that the namespaces are there. */
  static void confirm(Entry entry) {
    Map<String, Long> inodes = new TreeMap<>();
    entry.namespaces().keySet().forEach(n -> inodes.put(n, inode(n).orElse(0L)));
    write(
        new Entry(
            entry.run(), entry.size(), entry.lasting(), entry.pid(), entry.pidStart(), inodes));
  }

  /** All testbeds. */
  public static List<Entry> all() {
    if (!Files.isDirectory(folder())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .filter(f -> f.toString().endsWith(".testbed"))
          .sorted()
          .map(TestbedRegistry::read)
          .flatMap(Optional::stream)
          .toList();
    } catch (IOException e) {
      throw new TestbedException("cannot read " + folder() + ": " + e.getMessage(), e);
    }
  }

  /** What this process has made, or is making, and not removed. */
  public static List<Entry> own() {
    return all().stream()
        .filter(e -> e.pid() == ProcessHandle.current().pid())
        .filter(Entry::alive)
        .toList();
  }

  /** Clears what runs left that are no more; a line for each. */
  public static List<String> clearKilled() {
    List<String> lines = new ArrayList<>();
    for (Entry entry : all()) {
      if (!entry.lasting() && !entry.alive()) {
        int n = removeNamespaces(entry);
        lines.add("cleared " + n + " namespaces of run " + entry.run() + ", which was killed");
      }
    }
    return lines;
  }

  /** Removes a testbed by its run, also if the caller is interrupted; silent if there is none. */
  public static void remove(String run) {
    Path file = file(run);
    if (Files.exists(file)) {
      Uninterrupted.run(() -> read(file).ifPresent(TestbedRegistry::removeNamespaces));
    }
  }

  private static int removeNamespaces(Entry entry) {
    List<String> ours =
        entry.namespaces().entrySet().stream()
            .filter(e ->
                inode(e.getKey())
                    .filter(found -> e.getValue() == 0 || e.getValue().equals(found))
                    .isPresent())
            .map(Map.Entry::getKey)
            .toList();
    endProcesses(ours);
    delete(ours);
    try {
      Files.deleteIfExists(file(entry.run()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ours.size();
  }

  /** Removes them; one that is no more was removed by another run, which cleared the same. */
  private static void delete(List<String> namespaces) {
    if (namespaces.isEmpty()) {
      return;
    }
    Programs.Done done =
        Programs.attempt(
            List.of("ip", "-force", "-batch", "-"),
            String.join("\n", namespaces.stream().map(n -> "netns del " + n).toList()) + "\n",
            Programs.LONG);
    if (namespaces.stream().anyMatch(n -> inode(n).isPresent())) {
      throw new TestbedException("cannot remove namespaces: " + done.err().strip());
    }
  }

  /** Ends what still runs in the namespaces: only then do they go. */
  private static void endProcesses(List<String> namespaces) {
    List<ProcessHandle> left = new ArrayList<>();
    Map<String, Long> inodes = new TreeMap<>();
    namespaces.forEach(n -> inode(n).ifPresent(i -> inodes.put(n, i)));
    ProcessHandle.allProcesses()
        .filter(p -> namespaceOf(p.pid()).filter(inodes::containsValue).isPresent())
        .forEach(left::add);
    Programs.kill(left, KILL_WAIT);
  }

  private static Optional<Long> namespaceOf(long pid) {
    try {
      String link = Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")).toString();
      return Optional.of(Long.valueOf(link.substring(link.indexOf('[') + 1, link.length() - 1)));
    } catch (IOException | RuntimeException _) {
      return Optional.empty();
    }
  }

  private static Optional<Long> inode(String namespace) {
    try {
      return Optional.of(
          ((Number) Files.getAttribute(NETNS.resolve(namespace), "unix:ino")).longValue());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** When a process started; empty if it is no more. */
  public static Optional<String> startOf(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      // A zombie has ended; its parent has only not asked yet.
      return fields[0].equals("Z") ? Optional.empty() : Optional.of(fields[19]);
    } catch (IOException | RuntimeException _) {
      return Optional.empty();
    }
  }

  private static Path file(String run) {
    return folder().resolve(run + ".testbed");
  }

  private static Entry write(Entry entry) {
    List<String> lines = new ArrayList<>();
    lines.add(
        entry.size().pods()
            + " "
            + entry.size().clients()
            + " "
            + entry.size().nodes()
            + " "
            + entry.lasting()
            + " "
            + entry.pid()
            + " "
            + entry.pidStart());
    entry.namespaces().forEach((name, inode) -> lines.add(name + " " + inode));
    try {
      Files.createDirectories(folder());
      Path fresh = folder().resolve(entry.run() + ".new");
      Files.write(fresh, lines);
      Files.move(
          fresh,
          file(entry.run()),
          java.nio.file.StandardCopyOption.ATOMIC_MOVE,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      return entry;
    } catch (IOException e) {
      throw new TestbedException(
          "cannot write " + folder() + ", where runs are kept: " + e.getMessage(), e);
    }
  }

  private static Optional<Entry> read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      String[] head = lines.getFirst().split(" ", -1);
      Map<String, Long> namespaces = new TreeMap<>();
      lines.stream()
          .skip(1)
          .map(l -> l.split(" ", -1))
          .forEach(f -> namespaces.put(f[0], Long.valueOf(f[1])));
      String name = file.getFileName().toString();
      return Optional.of(
          new Entry(
              name.substring(0, name.length() - ".testbed".length()),
              new TestbedSize(
                  Integer.parseInt(head[0]), Integer.parseInt(head[1]), Integer.parseInt(head[2])),
              Boolean.parseBoolean(head[3]),
              Long.parseLong(head[4]),
              head[5],
              namespaces));
    } catch (NoSuchFileException _) {
      return Optional.empty(); // another run has removed it meanwhile
    } catch (IOException | RuntimeException e) {
      throw new TestbedException(
          file + " is not a testbed file; look at it, then delete it: " + e.getMessage(), e);
    }
  }
}
