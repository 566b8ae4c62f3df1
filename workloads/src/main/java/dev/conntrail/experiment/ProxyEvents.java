package dev.conntrail.experiment;

import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.KubeProxy;
import dev.conntrail.testbed.kube.PodSightings;
import dev.conntrail.testbed.kube.ProxyFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Ends and starts kube-proxy on a cluster that the run has made, and changes its mode; that is
 * undone when this is closed.
 */
final class ProxyEvents implements AutoCloseable {
  private static final Duration RESTORE_LIMIT = Duration.ofMinutes(5);

  private final KubeProxy proxy;
  private final ServiceOnNodes service;
  private final PodSightings sightings;
  private final DataPlane first;
  private final ReentrantLock one = new ReentrantLock();
  private volatile DataPlane mode;
  private boolean away;
  private Optional<Instant> started = Optional.empty();

  /**
   * Those of a repetition.
   *
   * @param mode in which kube-proxy is
   */
  ProxyEvents(KubeProxy proxy, ServiceOnNodes service, PodSightings sightings, DataPlane mode) {
    this.proxy = proxy;
    this.service = service;
    this.sightings = sightings;
    this.first = mode;
    this.mode = mode;
  }

  /** The mode in which the rules are. */
  DataPlane mode() {
    return mode;
  }

  /** It ends on all nodes, and is started when so much time has passed. */
  void restart(Duration down, Steps steps) throws InterruptedException {
    one.lockInterruptibly();
    try {
      long begunNs = System.nanoTime();
      away = true;
      proxy.end();
      steps.done(EventStep.PROXY_ENDED, List.of(), begunNs);
      Thread.sleep(down);
      long startedNs = System.nanoTime();
      start();
      steps.done(EventStep.RULES_WRITTEN, List.of(), startedNs);
    } finally {
      one.unlock();
    }
  }

  /** It is started, and waited for; if that was cut short it may be done again. */
  private void start() throws InterruptedException {
    Instant since = started.orElseGet(Instant::now);
    started = Optional.of(since);
    proxy.start();
    KubeProxy.awaitSynced(service.look(), service.nodes(), since);
    away = false;
    started = Optional.empty();
  }

  /**
   * It is started in another mode, node by node: it removes what it cleans up, before it writes its
   * rules. What is there after that stays: kube-proxy takes ipvs for absent where {@code modprobe
   * ip_vs} fails.
   */
  void change(DataPlane to, Steps steps) throws InterruptedException {
    one.lockInterruptibly();
    try {
      DataPlane from = mode;
      mode = to;
      long begunNs = System.nanoTime();
      Instant since = Instant.now();
      AtomicBoolean written = new AtomicBoolean();
      try (Tasks all = new Tasks()) {
        all.start(() -> {
          Tasks.together(() -> restarted(to, since), () -> await(to, this::complete));
          steps.done(EventStep.RULES_WRITTEN, List.of(), begunNs);
          written.set(true);
        });
        if (to.removes(from)) {
          all.start(() -> removed(from, written, steps, begunNs));
        }
        all.await();
      }
    } finally {
      one.unlock();
    }
  }

  /** What was there of a mode may be there still: its own rules are written when it says so. */
  private void restarted(DataPlane to, Instant since) throws InterruptedException {
    proxy.restart(to);
    KubeProxy.awaitSynced(service.look(), service.nodes(), since);
  }

  private void removed(DataPlane from, AtomicBoolean written, Steps steps, long begunNs)
      throws InterruptedException {
    await(from, rules -> rules.isEmpty() || written.get());
    if (!written.get() || !there(from)) {
      steps.done(EventStep.RULES_REMOVED, List.of(), begunNs);
    }
  }

  /** Whether a node has rules of a mode now. */
  private boolean there(DataPlane mode) throws InterruptedException {
    AtomicBoolean there = new AtomicBoolean();
    await(
        mode,
        rules -> {
          if (rules.isPresent()) {
            there.set(true);
          }
          return true;
        });
    return there.get();
  }

  private boolean complete(Optional<ProxyFacts.Rules> rules) {
    return rules.isPresent() && sightings.endpoints().stream().allMatch(rules.get()::names);
  }

  private void await(DataPlane of, Predicate<Optional<ProxyFacts.Rules>> so)
      throws InterruptedException {
    try (RulesWatch watch = service.watch(() -> of)) {
      watch.await(so);
    }
  }

  private Void restore() throws InterruptedException {
    if (away) {
      start();
    }
    if (mode != first) {
      change(first, Steps.UNSEEN);
    }
    return null;
  }

  @Override
  public void close() {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      threads.submit(this::restore).get(RESTORE_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new TestbedException("kube-proxy could not be made as it was before: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while kube-proxy was made as it was before", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
