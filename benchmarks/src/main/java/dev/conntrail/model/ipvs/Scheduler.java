package dev.conntrail.model.ipvs;

import dev.conntrail.model.Packet;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * How a virtual server picks a real server for a new connection. One instance belongs to one
 * virtual server, as {@code svc->sched_data} does.
 */
public abstract class Scheduler {
  /** Schedulers by their names, as {@code --ipvs-scheduler} takes them. */
  public enum Kind {
    RR,
    WRR,
    LC,
    WLC,
    SH,
    DH,
    MH,
    SED,
    NQ;

    /** The word of the command line. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * The scheduler of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Kind of(String word) {
      return Arrays.stream(values())
          .filter(k -> k.word().equals(word))
          .findFirst()
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "scheduler: found "
                      + word
                      + "; allowed: "
                      + Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", "))));
    }

    /** A scheduler for one virtual server, with the flags that kube-proxy gives it. */
    public Scheduler make() {
      return switch (this) {
        case RR -> new RoundRobin();
        case WRR -> new WeightedRoundRobin();
        case LC -> new LeastConnection();
        case WLC -> new WeightedOverhead(WeightedOverhead.Rule.WLC);
        case SED -> new WeightedOverhead(WeightedOverhead.Rule.SED);
        case NQ -> new WeightedOverhead(WeightedOverhead.Rule.NQ);
        case SH -> new HashBuckets(true);
        case DH -> new HashBuckets(false);
        case MH -> new Maglev(true, false);
      };
    }
  }

  /** A real server for the first packet of a connection; null if none is usable. */
  abstract RealServer schedule(VirtualServer service, Packet packet);

  /** {@code add_dest}. */
  void added(VirtualServer service) {
    changed(service);
  }

  /**
   * {@code del_dest}.
   *
   * @param at where the real server was in the list
   */
  void removed(VirtualServer service, int at) {
    changed(service);
  }

  /** {@code upd_dest}: a weight changed. */
  void changed(VirtualServer service) {}
}
