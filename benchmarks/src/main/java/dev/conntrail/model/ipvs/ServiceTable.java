package dev.conntrail.model.ipvs;

import dev.conntrail.model.hash.JenkinsHash;

/**
 * How a packet finds its virtual server ({@code __ip_vs_service_find}, {@code
 * net/netfilter/ipvs/ip_vs_ctl.c}): chained buckets by protocol, address and port.
 */
public abstract class ServiceTable {
  VirtualServer[] buckets;
  private int size;

  ServiceTable(int count) {
    buckets = new VirtualServer[count];
  }

  /** Up to Linux 6.18: 256 buckets, whatever the number of Services. */
  public static ServiceTable fixed() {
    return new Fixed();
  }

  /** From Linux 7 on: it grows with the Services. */
  public static ServiceTable resizable(long seed) {
    return new Resizable(seed);
  }

  /** Virtual servers in it. */
  public int size() {
    return size;
  }

  /** How many buckets there are. */
  public int buckets() {
    return buckets.length;
  }

  /** Null if there is none. */
  public abstract VirtualServer find(int protocol, int address, int port);

  abstract int bucket(VirtualServer service);

  /** Adds a virtual server at the head of its chain. */
  public void add(VirtualServer service) {
    int bucket = bucket(service);
    service.next = buckets[bucket];
    buckets[bucket] = service;
    size++;
    resize();
  }

  /** Removes a virtual server. */
  public void remove(VirtualServer service) {
    int bucket = bucket(service);
    if (buckets[bucket] == service) {
      buckets[bucket] = service.next;
    } else {
      VirtualServer before = buckets[bucket];
      while (before.next != service) {
        before = before.next;
      }
      before.next = service.next;
    }
    service.next = null;
    size--;
    resize();
  }

  void resize() {}

  /** {@code ip_vs_svc_hashkey} of 6.18: folds to eight bits; nothing random in it. */
  private static final class Fixed extends ServiceTable {
    private static final int BITS = 8;

    Fixed() {
      super(1 << BITS);
    }

    private static int hash(int protocol, int address, int port) {
      return (protocol ^ address ^ port >>> BITS ^ port) & ((1 << BITS) - 1);
    }

    @Override
    int bucket(VirtualServer service) {
      return hash(service.protocol, service.address, service.port);
    }

    @Override
    public VirtualServer find(int protocol, int address, int port) {
      VirtualServer service = buckets[hash(protocol, address, port)];
      while (service != null
          && !(service.address == address
              && service.port == port
              && service.protocol == protocol)) {
        service = service.next;
      }
      return service;
    }
  }

  /**
   * {@code ip_vs_rht} of Linux 7 ({@code ip_vs_core.c}): jhash, 2^4 to 2^20 buckets. It grows when
   * Services pass an eighth of the buckets (load factor -3, the default of the initial namespace)
   * and shrinks when they fall below a sixteenth of that. An entry keeps its hash, so that others
   * of its chain are passed by after one comparison.
   */
  private static final class Resizable extends ServiceTable {
    private static final int FEWEST = 1 << 4;
    private static final int MOST = 1 << 20;
    private static final int LOAD_SHIFT = 3;
    private static final int SHRINK_SHIFT = 4;

    private final java.util.SplittableRandom random;
    private int key;

    Resizable(long seed) {
      super(FEWEST);
      random = new java.util.SplittableRandom(seed);
      key = random.nextInt();
    }

    private int hash(int protocol, int address, int port) {
      return JenkinsHash.three(port, protocol, Integer.reverseBytes(address), key);
    }

    @Override
    int bucket(VirtualServer service) {
      service.hashKey = hash(service.protocol, service.address, service.port);
      return service.hashKey & (buckets.length - 1);
    }

    @Override
    public VirtualServer find(int protocol, int address, int port) {
      int hash = hash(protocol, address, port);
      VirtualServer service = buckets[hash & (buckets.length - 1)];
      while (service != null
          && !(service.hashKey == hash
              && service.address == address
              && service.port == port
              && service.protocol == protocol)) {
        service = service.next;
      }
      return service;
    }

    @Override
    void resize() {
      int threshold = buckets.length == MOST ? Integer.MAX_VALUE : buckets.length >> LOAD_SHIFT;
      int low = buckets.length == FEWEST ? 0 : threshold >> SHRINK_SHIFT;
      if (size() <= threshold && size() >= low) {
        return;
      }
      int wanted =
          Math.clamp(
              (long) (size() <= 1 ? 1 : Integer.highestOneBit(size() - 1) << 1) << LOAD_SHIFT,
              FEWEST,
              MOST);
      if (wanted < buckets.length) {
        if (wanted > buckets.length >> SHRINK_SHIFT) {
          return;
        }
        wanted = Math.min(2 * wanted, MOST);
      }
      VirtualServer[] old = buckets;
      buckets = new VirtualServer[wanted];
      key = random.nextInt();
      for (VirtualServer head : old) {
        for (VirtualServer service = head; service != null; ) {
          VirtualServer following = service.next;
          int bucket = bucket(service);
          service.next = buckets[bucket];
          buckets[bucket] = service;
          service = following;
        }
      }
    }
  }
}
