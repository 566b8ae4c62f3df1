package dev.conntrail.load.client;

import dev.conntrail.spec.Policy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** A client's own balancer: it picks among the pods that the client knows, by what it knows. */
final class Balancer implements Pick {
  private final Policy policy;
  private final Targets targets;
  private final RandomGenerator random;
  private final Map<InetSocketAddress, AtomicInteger> taken = new ConcurrentHashMap<>();
  private int turn;

  /**
   * One of a client object.
   *
   * @param random draws where the policy does
   */
  Balancer(Policy policy, Targets targets, RandomGenerator random) {
    this.policy = policy;
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
      case LEAST_REQUEST -> twoChoices(now);
      case PICK_FIRST -> now.get(random.nextInt(now.size()));
      case LEAST_CONNECTIONS -> least(now);
    };
  }

  private InetSocketAddress twoChoices(List<InetSocketAddress> now) {
    int first = random.nextInt(now.size());
    if (now.size() == 1) {
      return now.getFirst();
    }
    int second = random.nextInt(now.size() - 1);
    InetSocketAddress a = now.get(first);
    InetSocketAddress b = now.get(second < first ? second : second + 1);
    return count(b).get() < count(a).get() ? b : a;
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
