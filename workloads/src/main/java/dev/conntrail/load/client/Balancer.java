package dev.conntrail.load.client;

import dev.conntrail.spec.Knob;
import dev.conntrail.spec.Policy;
import dev.conntrail.spec.Route;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** A client's own balancer: it picks among the pods that the client knows, by what it knows. */
final class Balancer implements Pick {
  private final Policy policy;
  private final int choices;
  private final Targets targets;
  private final RandomGenerator random;
  private final Map<InetSocketAddress, AtomicInteger> taken = new ConcurrentHashMap<>();
  private int turn;

  /**
   * One of a client object.
   *
   * @param random draws where the policy does
   */
  Balancer(Route.Balanced how, Targets targets, RandomGenerator random) {
    this.policy = how.policy();
    this.choices = Integer.parseInt(how.knob(Knob.CHOICES));
    this.targets = targets;
    this.random = random;
    this.turn = random.nextInt(1 << Short.SIZE);
  }

  private record Taken(InetSocketAddress address, AtomicInteger count) implements Picked {
    @Override
    public void close() {
      count.decrementAndGet();
    }
  }

  @Override
  public synchronized Picked next() {
    List<InetSocketAddress> now = targets.now();
    if (now.isEmpty()) {
      throw new IllegalStateException("the client knows no pod");
    }
    InetSocketAddress address = pick(now);
    AtomicInteger count = count(address);
    count.incrementAndGet();
    return new Taken(address, count);
  }

  private InetSocketAddress pick(List<InetSocketAddress> now) {
    return switch (policy) {
      case ROUND_ROBIN -> now.get(Math.floorMod(turn++, now.size()));
      case LEAST_REQUEST -> least(drawn(now));
      case LEAST_CONNECTIONS -> least(now);
      case PICK_FIRST, WEIGHTED_ROUND_ROBIN ->
          throw new IllegalStateException(policy.word() + " is gRPC's, whose library picks");
    };
  }

  /** So many of them, none twice. */
  private List<InetSocketAddress> drawn(List<InetSocketAddress> now) {
    if (now.size() <= choices) {
      return now;
    }
    Set<InetSocketAddress> drawn = new HashSet<>();
    while (drawn.size() < choices) {
      drawn.add(now.get(random.nextInt(now.size())));
    }
    return List.copyOf(drawn);
  }

  /** Of several that have as few, one drawn. */
  private InetSocketAddress least(List<InetSocketAddress> now) {
    int fewest = now.stream().mapToInt(a -> count(a).get()).min().orElseThrow();
    List<InetSocketAddress> those = now.stream().filter(a -> count(a).get() == fewest).toList();
    return those.get(random.nextInt(those.size()));
  }

  private AtomicInteger count(InetSocketAddress address) {
    return taken.computeIfAbsent(address, _ -> new AtomicInteger());
  }
}
