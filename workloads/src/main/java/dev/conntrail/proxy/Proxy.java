package dev.conntrail.proxy;

import dev.conntrail.posix.ProcessUse;
import dev.conntrail.spec.ProxyProgram;
import dev.conntrail.testbed.Polling;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A proxy that runs. */
public final class Proxy implements AutoCloseable {
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

  private final ProxyAdapter adapter;
  private final Path folder;
  private final Process process;
  private final long pid;
  private ProxyPlan plan;

  private Proxy(ProxyAdapter adapter, ProxyPlan plan, Path folder, Process process)
      throws IOException {
    this.adapter = adapter;
    this.plan = plan;
    this.folder = folder;
    this.process = process;
    String number = process.inputReader().readLine();
    if (number == null) {
      throw new TestbedException("the proxy was not started");
    }
    this.pid = Long.parseLong(number);
  }

  private static ProxyAdapter adapter(ProxyProgram program) {
    return switch (program) {
      case HAPROXY -> new HaproxyAdapter();
      case ENVOY -> new EnvoyAdapter();
    };
  }

  /**
   * Starts one, where this process is, and waits until it listens.
   *
   * @param serving pods that are behind it from the first
   * @param log gets what it says
   * @throws TestbedException if its program is not there, or it does not start
   */
  public static Proxy start(ProxyPlan plan, Collection<Backend> serving, Path log)
      throws IOException {
    ProxyProgram program = plan.policy().program();
    Path file = ProxyPrograms.require(program);
    ProxyAdapter adapter = adapter(program);
    // a path of a socket has at most 107 characters, and a result folder may have more
    Path folder = Files.createTempDirectory("conntrail-proxy-");
    Process process = null;
    try {
      adapter.configure(plan, folder);
      List<String> command =
          Stream.concat(
                  Stream.of("sh", "-c", HELD, program.word(), AccessLog.in(folder).toString()),
                  adapter.command(file, folder).stream())
              .toList();
      process = new ProcessBuilder(command).redirectError(log.toFile()).start();
      Proxy proxy = new Proxy(adapter, plan, folder, process);
      proxy.await(log);
      proxy.serve(serving);
      return proxy;
    } catch (IOException | RuntimeException e) {
      end(process, folder);
      throw e;
    }
  }

  private void await(Path log) {
    boolean ready =
        Polling.until(name() + " to listen", START, LOOK, () -> !process.isAlive() || answers());
    if (!ready || !process.isAlive()) {
      throw new TestbedException(
          name() + (ready ? " ended with " + process.exitValue() : " does not listen") + said(log));
    }
  }

  private boolean answers() {
    try {
      return adapter.ready(folder);
    } catch (IOException _) {
      return false;
    }
  }

  private static String said(Path log) {
    try (Stream<String> lines = Files.lines(log)) {
      List<String> all = lines.filter(l -> !l.isBlank()).toList();
      return all.isEmpty()
          ? ""
          : ": " + String.join("; ", all.subList(Math.max(0, all.size() - SHOWN), all.size()));
    } catch (IOException e) {
      return ", and its log cannot be read: " + e.getMessage();
    }
  }

  private String name() {
    return plan.policy().program().word();
  }

  /** The number of its process. */
  public long pid() {
    return pid;
  }

  /** What its process has had of the machine; empty if it has ended. */
  public Optional<ProcessUse> use() {
    return ProcessUse.of(pid);
  }

  /**
   * Serves these pods from now on, and no others: new requests go to none that has left, what is
   * under way goes on. Returns when it says that it does.
   */
  public void serve(Collection<Backend> pods) throws IOException {
    plan = plan.knowing(pods);
    Set<String> all = pods.stream().map(Backend::pod).collect(Collectors.toSet());
    adapter.serve(plan, folder, all);
    if (!Polling.until(name() + " to know its pods", START, LOOK, () -> serves(all))) {
      throw new TestbedException(name() + " does not take over its pods");
    }
  }

  private boolean serves(Set<String> pods) {
    try {
      return adapter.serving(plan, folder).equals(pods);
    } catch (IOException _) {
      return false;
    }
  }

  /** What it counted since it started. */
  public ProxyCounts counts() throws IOException {
    return adapter.counts(plan, folder);
  }

  /**
   * Reads its counters, then ends it: it takes no new connections, says goodbye on those that are
   * open, and waits until all have gone; then its log is whole.
   *
   * @param limit of that wait
   */
  public ProxyWitness end(Duration limit) throws IOException {
    ProxyCounts counts = counts();
    adapter.drain(folder, pid);
    boolean gone =
        Polling.until(name() + " to end", limit, LOOK, () -> !process.isAlive() || left());
    stop(process);
    List<Passed> passed = AccessLog.read(plan, folder);
    close();
    return new ProxyWitness(counts, passed, gone);
  }

  private boolean left() {
    try {
      return adapter.drained(folder);
    } catch (IOException _) {
      return false;
    }
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
