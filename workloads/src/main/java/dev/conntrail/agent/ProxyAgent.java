package dev.conntrail.agent;

import dev.conntrail.posix.ProcessUse;
import dev.conntrail.proxy.Proxy;
import dev.conntrail.proxy.ProxyPrograms;
import dev.conntrail.proxy.ProxyWitness;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs proxies where its process is, one after the other, under orders. */
public final class ProxyAgent implements AgentLoop.Agent, AutoCloseable {
  /** The file of what a proxy saw, a {@link ProxyWitness}. */
  static final String WITNESS = "witness.json";

  private final Path folder;
  private final Path log;
  private Optional<Proxy> running = Optional.empty();

  /** None runs yet. */
  public ProxyAgent() throws IOException {
    folder = Files.createTempDirectory("conntrail-proxies-");
    log = folder.resolve("proxy.log");
  }

  @Override
  public void carryOut(Order order, Signals signals, Consumer<Answer> answers) throws IOException {
    answers.accept(
        switch (order) {
          case Order.StartProxy start -> {
            stop();
            running = Optional.of(started(start));
            yield new Answer.Done();
          }
          case Order.ServePods serve -> {
            proxy().serve(serve.pods());
            yield new Answer.Done();
          }
          case Order.DrainProxy drain -> witness(proxy().end(drain.limit()));
          case Order.StopProxy _ -> {
            stop();
            yield new Answer.Done();
          }
          case Order.Versions _ -> new Answer.Programs(ProxyPrograms.versions());
          default ->
              throw AgentLoop.refusal(
                  order, "StartProxy, ServePods, DrainProxy, StopProxy, Versions");
        });
  }

  private Proxy started(Order.StartProxy start) throws IOException {
    try {
      return Proxy.start(start.plan(), start.serving(), log);
    } catch (IOException | RuntimeException e) {
      tell();
      throw e;
    }
  }

  private Proxy proxy() {
    return running.orElseThrow(() -> new IllegalStateException("no proxy runs"));
  }

  private Answer.Files witness(ProxyWitness seen) throws IOException {
    stop();
    Path files = Files.createTempDirectory(folder, "witness");
    try {
      Json.write(files.resolve(WITNESS), seen);
      return Answer.Files.of(files);
    } finally {
      FileTrees.delete(files);
    }
  }

  private void stop() throws IOException {
    if (running.isPresent()) {
      running.get().close();
      running = Optional.empty();
      tell();
    }
  }

  /** What a program said goes to whoever reads what this one says. */
  private void tell() throws IOException {
    if (Files.exists(log)) {
      Files.copy(log, System.err);
      Files.delete(log);
    }
  }

  @Override
  public ProcessUse use() {
    return proxy().use().orElseThrow(() -> new IllegalStateException("the proxy has ended"));
  }

  @Override
  public void close() throws IOException {
    stop();
    FileTrees.delete(folder);
  }
}
