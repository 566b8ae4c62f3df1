package dev.conntrail.load.client;

import dev.conntrail.spec.Knob;
import dev.conntrail.spec.LoadPlan;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The addresses that a client knows: those of pods, or the Service's. It may be told of others. */
public final class Targets {
  private final List<Consumer<List<InetSocketAddress>>> watchers = new CopyOnWriteArrayList<>();
  private final Optional<NameCache> name;
  private List<InetSocketAddress> now;

  /**
   * Those that it knows at first.
   *
   * @param addresses {@code ip:port}
   */
  public Targets(List<String> addresses) {
    this.name = Optional.empty();
    this.now = read(addresses);
  }

  private Targets(NameCache name) {
    this.name = Optional.of(name);
    this.now = List.of();
  }

  /** Those of a plan: gRPC's library asks for a name by itself, others' clients ask here. */
  public static Targets of(LoadPlan.Callers callers) {
    return callers
        .cure()
        .balanced()
        .filter(how -> how.named() && !callers.protocol().grpc())
        .map(how -> new Targets(new NameCache(callers.targets().getFirst(), how.time(Knob.TTL))))
        .orElseGet(() -> new Targets(callers.targets()));
  }

  private static List<InetSocketAddress> read(List<String> addresses) {
    return addresses.stream()
        .map(Targets::unresolved)
        .map(a -> new InetSocketAddress(a.getHostString(), a.getPort()))
        .toList();
  }

  /** What {@code host:port} says, of whatever address that is. */
  static InetSocketAddress unresolved(String text) {
    int colon = text.lastIndexOf(':');
    return InetSocketAddress.createUnresolved(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  /** These it knows from now on, {@code ip:port}, and no others. */
  public void become(List<String> addresses) {
    List<InetSocketAddress> next = read(addresses);
    synchronized (this) {
      now = next;
    }
    watchers.forEach(w -> w.accept(next));
  }

  /** Those that it knows now. */
  public synchronized List<InetSocketAddress> now() {
    name.ifPresent(n -> now = n.addresses());
    return now;
  }

  /** Has changes told, on the thread that brings them. */
  void onChange(Consumer<List<InetSocketAddress>> watcher) {
    watchers.add(watcher);
  }
}
