package dev.conntrail.proxy;

import dev.conntrail.posix.ProcessUse;
import dev.conntrail.spec.ProxyProgram;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A proxy that runs. */
public final class Proxy implements AutoCloseable {
  private final ProxyAdapter adapter;
  private final HeldProgram program;
  private ProxyPlan plan;

  private Proxy(ProxyAdapter adapter, ProxyPlan plan, HeldProgram program) {
    this.adapter = adapter;
    this.plan = plan;
    this.program = program;
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
    ProxyProgram which = plan.policy().program();
    Path file = ProxyPrograms.require(which);
    ProxyAdapter adapter = ProxyAdapter.of(which);
    HeldProgram program =
        HeldProgram.start(
            which.word(),
            folder -> {
              adapter.configure(plan, folder);
              return adapter.command(file, folder);
            },
            command -> new ProcessBuilder(command).redirectError(log.toFile()).start(),
            log);
    try {
      Proxy proxy = new Proxy(adapter, plan, program);
      program.awaitListening(() -> adapter.ready(program.folder()));
      proxy.serve(serving);
      return proxy;
    } catch (IOException | RuntimeException e) {
      program.close();
      throw e;
    }
  }

  /** The number of its process. */
  public long pid() {
    return program.pid();
  }

  /** What its process has had of the machine; empty if it has ended. */
  public Optional<ProcessUse> use() {
    return program.use();
  }

  /**
   * Serves these pods from now on, and no others: new requests go to none that has left, what is
   * under way goes on. Returns when it says that it does.
   */
  public void serve(Collection<Backend> pods) throws IOException {
    plan = plan.knowing(pods);
    Set<String> all = pods.stream().map(Backend::pod).collect(Collectors.toSet());
    adapter.serve(plan, program.folder(), all);
    program.awaitTaken("pods", () -> adapter.serving(plan, program.folder()).equals(all));
  }

  /** What it counted since it started. */
  public ProxyCounts counts() throws IOException {
    return adapter.counts(plan, program.folder());
  }

  /**
   * Reads its counters, then ends it: it takes no new connections, says goodbye on those that are
   * open, and waits until all have gone; then its log is whole.
   *
   * @param limit of that wait
   */
  public ProxyWitness end(Duration limit) throws IOException {
    ProxyCounts counts = counts();
    adapter.drain(program.folder(), program.pid());
    boolean gone =
        program.until("to end", limit, () -> !program.alive() || adapter.drained(program.folder()));
    program.stop();
    List<Passed> passed = AccessLog.read(plan, program.folder());
    close();
    return new ProxyWitness(counts, passed, gone);
  }

  /** Ends it, with whatever it has open. */
  @Override
  public void close() {
    program.close();
  }
}
