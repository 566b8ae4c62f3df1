package dev.conntrail.load.client;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The addresses that a client knows: those of pods, or the Service's. It may be told of others. */
public final class Targets {
  private final List<Consumer<List<InetSocketAddress>>> watchers = new CopyOnWriteArrayList<>();
  private List<InetSocketAddress> now;

  /**
   * Those that it knows at first.
   *
   * @param addresses {@code ip:port}
   */
  public Targets(List<String> addresses) {
    this.now = read(addresses);
  }

  private static List<InetSocketAddress> read(List<String> addresses) {
    return addresses.stream()
        .map(a -> {
          int colon = a.lastIndexOf(':');
          return new InetSocketAddress(
              a.substring(0, colon), Integer.parseInt(a.substring(colon + 1)));
        })
        .toList();
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
    return now;
  }

  /** Has changes told, on the thread that brings them. */
  void onChange(Consumer<List<InetSocketAddress>> watcher) {
    watchers.add(watcher);
  }
}
