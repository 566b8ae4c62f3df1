package dev.conntrail.proxy;

import dev.conntrail.spec.ProxyPolicy;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a proxy is to do.
 *
 * @param policy how it chooses pods, and so which program it is
 * @param address where it listens
 * @param port where it listens
 * @param http2 whether HTTP/2 is spoken to it and by it, from the first byte on; else HTTP/1.1, and
 *     WebSocket where a client asks for it
 * @param backends pods that it knows; which of them it serves is said afterwards
 * @param clients limits of clients' connections
 * @param pods limits of those to pods
 * @param options what a program has by itself
 */
public record ProxyPlan(
    ProxyPolicy policy,
    String address,
    int port,
    boolean http2,
    List<Backend> backends,
    Limits clients,
    Limits pods,
    Options options) {
  /** Checks. */
  public ProxyPlan {
    backends = List.copyOf(backends);
  }

  /** The same where pods are known too. */
  ProxyPlan knowing(Collection<Backend> more) {
    Map<String, Backend> known = new LinkedHashMap<>();
    backends.forEach(b -> known.put(b.pod(), b));
    more.forEach(b -> known.putIfAbsent(b.pod(), b));
    return with(List.copyOf(known.values()));
  }

  /** The same where other pods are known. */
  ProxyPlan with(List<Backend> other) {
    return new ProxyPlan(policy, address, port, http2, other, clients, pods, options);
  }

  /**
   * When a proxy ends a connection: a client's by a goodbye of its protocol, one to a pod when
   * nothing is under way on it.
   *
   * @param requests most of them; 0 for any number
   * @param age most of it; zero for any
   * @param jitter share of the age by which it may be longer
   */
  public record Limits(int requests, Duration age, double jitter) {
    /** None. */
    public static final Limits NONE = new Limits(0, Duration.ZERO, 0);
  }

  /**
   * What not every program has.
   *
   * @param exactBalance whether connections are shared out evenly among worker threads
   * @param outlierDetection whether pods that fail five times running are left out for a time
   */
  public record Options(boolean exactBalance, boolean outlierDetection) {
    /** None. */
    public static final Options NONE = new Options(false, false);
  }
}
