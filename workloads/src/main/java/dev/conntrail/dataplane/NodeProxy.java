package dev.conntrail.dataplane;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.Sha256;
import dev.conntrail.testbed.Abilities;
import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;

/**
 * kube-proxy's part on one node, in one mode: loads the rules, follows changes of endpoints, shows
 * what the kernel then has, removes all.
 */
public abstract sealed class NodeProxy
    permits DirectProxy, IptablesProxy, NftablesProxy, IpvsProxy {
  /** {@code rsCheckDeleteInterval}, {@code pkg/proxy/ipvs/graceful_termination.go}. */
  public static final Duration RECHECK = Duration.ofMinutes(1);

  private static final double NS_PER_MS = 1e6;

  private static IptablesBackend auto;

  private final Setup setup;

  NodeProxy(Setup setup) {
    this.setup = setup;
  }

  /**
   * Where it works.
   *
   * @param config what kube-proxy is told there
   * @param edit applied to rule text before it is loaded; the identity for kube-proxy's own rules
   */
  public record Setup(
      LocalTestbed testbed, Place node, ProxyConfig config, UnaryOperator<String> edit) {
    /** A node of a testbed, as a kube-proxy of this version would find it. */
    public static Setup on(
        LocalTestbed testbed, Place node, KubeProxy version, UnaryOperator<String> edit) {
      return new Setup(testbed, node, ProxyConfig.on(node, version), edit);
    }
  }

  /**
   * Which rules.
   *
   * @param plane the mode
   * @param backend of iptables, as it really is
   * @param scheduler of ipvs
   */
  public record Kind(DataPlane plane, IptablesBackend backend, IpvsScheduler scheduler) {}

  /**
   * Rules as they were loaded.
   *
   * @param backend of iptables, as it really is; of no other mode
   * @param tool the version line of the program that loaded them; of none, where there are no rules
   * @param text what was loaded
   * @param rules how many rules and set elements the text has
   * @param loadMs how long loading took, milliseconds
   */
  public record Installed(
      Optional<IptablesBackend> backend,
      Optional<String> tool,
      String text,
      long rules,
      double loadMs) {
    /** The hash of the text. */
    public String sha256() {
      return Sha256.of(text);
    }
  }

  /** One on a node. */
  public static NodeProxy of(Kind kind, Setup setup) {
    return switch (kind.plane()) {
      case DIRECT -> new DirectProxy(setup);
      case IPTABLES -> new IptablesProxy(setup, resolve(kind.backend()));
      case NFTABLES -> new NftablesProxy(setup);
      case IPVS -> new IpvsProxy(setup, kind.scheduler().word());
    };
  }

  /**
   * Which backend {@code auto} means on this machine: that of its {@code iptables}, or legacy where
   * the kernel has no nf_tables for IPv4.
   */
  public static IptablesBackend resolve(IptablesBackend asked) {
    return asked == IptablesBackend.AUTO ? auto() : asked;
  }

  /** Found out once: a kernel does not change while this program runs. */
  private static synchronized IptablesBackend auto() {
    if (auto == null) {
      String version = Programs.run(List.of("iptables", "--version"), "", Programs.SHORT);
      auto =
          version.contains("nf_tables") && Abilities.holdsNftables()
              ? IptablesBackend.NFT
              : IptablesBackend.LEGACY;
    }
    return auto;
  }

  /** The node. */
  public Place node() {
    return setup.node();
  }

  /**
   * Loads the rules of these Services. Once.
   *
   * @param found what a proxy of another mode left there, which this one does not remove
   */
  public abstract Installed start(List<ServicePort> services, Optional<Installed> found);

  /** The same where there is nothing. */
  public final Installed start(List<ServicePort> services) {
    return start(services, Optional.empty());
  }

  /**
   * Loads what has changed, and deletes entries of UDP that lead to who is no endpoint any more.
   *
   * @param services all of them, as they are now
   * @param graceful whether ipvs keeps the real servers of removed endpoints at weight 0 while they
   *     have connections; else it forgets them at once
   * @return how long that took, milliseconds
   */
  public final double sync(List<ServicePort> services, boolean graceful) {
    double ms = write(services, graceful);
    forgetStale(services);
    return ms;
  }

  abstract double write(List<ServicePort> services, boolean graceful);

  /**
   * Writes all rules, as a new process of kube-proxy does that finds those of the one before it.
   *
   * @param services all of them, as they are now
   * @return how long that took, milliseconds
   */
  public final double restart(List<ServicePort> services) {
    double ms = writeAnew(services);
    forgetStale(services);
    return ms;
  }

  double writeAnew(List<ServicePort> services) {
    return write(services, true);
  }

  /** After each sync, in every mode; of TCP kube-proxy leaves what there is. */
  private void forgetStale(List<ServicePort> services) {
    StaleUdp stale = new StaleUdp(services);
    if (!stale.none()) {
      // one that has gone by itself meanwhile is no failure
      stale.deletions(run("conntrack", "-L", "-p", "udp")).forEach(this::succeeds);
    }
  }

  /**
   * What is done {@link #RECHECK once in a while}, whether or not anything has changed: ipvs
   * deletes real servers at weight 0 whose connections the kernel has forgotten meanwhile; other
   * modes do nothing.
   */
  public void recheck() {
    // nothing
  }

  /** The rules as the kernel now lists them. */
  public abstract String dump();

  /** Removes what was loaded; how long that took, milliseconds. */
  public abstract double stop();

  /** Removes what is there of rules whose loading or removal was broken off. */
  public void abandon() {
    attempt(this::stop);
  }

  /** Does something that may have been done already. */
  static void attempt(DoubleSupplier step) {
    try {
      double _ = step.getAsDouble();
    } catch (TestbedException _) {
      // there is nothing to remove
    }
  }

  /** What kube-proxy is told here. */
  final ProxyConfig config() {
    return setup.config();
  }

  final String edited(String text) {
    return setup.edit().apply(text);
  }

  final String run(String... command) {
    return setup.testbed().run(setup.node(), List.of(command), "", Programs.LONG);
  }

  final boolean succeeds(String... command) {
    return succeeds(List.of(command));
  }

  private boolean succeeds(List<String> command) {
    return setup.testbed().attempt(setup.node(), command, "", Programs.SHORT).exitCode() == 0;
  }

  /** Runs a program on rule text; how long it took, milliseconds. */
  final double timed(String input, String... command) {
    long start = System.nanoTime();
    Programs.Done done =
        setup.testbed().attempt(setup.node(), List.of(command), input, Programs.LONG);
    double ms = (System.nanoTime() - start) / NS_PER_MS;
    if (done.exitCode() != 0) {
      throw new TestbedException(
          "`"
              + String.join(" ", command)
              + "` refused the rules: "
              + done.err().strip().lines().limit(5).reduce((a, b) -> a + "; " + b).orElse(""));
    }
    return ms;
  }

  static long lines(String text, String... starts) {
    return text.lines().filter(l -> Arrays.stream(starts).anyMatch(l::startsWith)).count();
  }
}
