package dev.conntrail.spec;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The axes of the sweep. A new one is a constant here, or of {@link Setting}. */
public final class Axes {
  /** What spreads connections. */
  public static final Axis<DataPlane> DATA_PLANE =
      new CommonAxis.OfWords<>("data-plane", Part.PLANE, DataPlane.IPTABLES) {
        @Override
        public Set<Ability> needs(DataPlane value) {
          return value.needs();
        }

        @Override
        public Optional<String> phrase(Cell cell) {
          return Optional.of(cell.plane().word());
        }
      };

  /** The iptables backend asked for; said with the data plane. */
  public static final Axis<IptablesBackend> IPTABLES_BACKEND =
      new CommonAxis.OfWords<>("iptables-backend", Part.PLANE, IptablesBackend.AUTO) {
        @Override
        public Set<DataPlane> planes() {
          return EnumSet.of(DataPlane.IPTABLES);
        }

        @Override
        public Set<Ability> needs(IptablesBackend value) {
          return value.needs();
        }
      };

  /** The ipvs scheduler; said with the data plane. */
  public static final Axis<IpvsScheduler> IPVS_SCHEDULER =
      new CommonAxis.OfWords<>("ipvs-scheduler", Part.PLANE, IpvsScheduler.RR) {
        @Override
        public Set<DataPlane> planes() {
          return EnumSet.of(DataPlane.IPVS);
        }

        @Override
        public Set<Ability> needs(IpvsScheduler value) {
          return value == IpvsScheduler.RR ? Set.of() : EnumSet.of(Ability.OWN_NODES);
        }
      };

  /**
   * Whose rules: of nftables alone, for the other modes are written alike. Cells from before there
   * was the axis had those of 1.34, so that is no part of a key.
   */
  public static final Axis<KubeProxy> KUBE_PROXY =
      new CommonAxis.OfWords<>("kube-proxy", Part.PLANE, KubeProxy.DEFAULT) {
        @Override
        public Set<DataPlane> planes() {
          return EnumSet.of(DataPlane.NFTABLES);
        }

        @Override
        public boolean keyed(Cell cell) {
          return appliesTo(cell) && cell.kubeProxy() != KubeProxy.V1_34;
        }

        @Override
        public Optional<String> phrase(Cell cell) {
          return Optional.of(cell.kubeProxy())
              .filter(v -> appliesTo(cell) && v != KubeProxy.DEFAULT)
              .map(v -> "kube-proxy " + v.word());
        }
      };

  /** What is spoken. */
  public static final Axis<Protocol> PROTOCOL =
      new CommonAxis.OfWords<>("protocol", Part.CALLERS, Protocol.HTTP1) {
        @Override
        public Optional<String> phrase(Cell cell) {
          return Optional.of(
              cell.protocol().word() + (cell.shared() ? " (one shared client)" : ""));
        }
      };

  /** How callers get their connections; said with the protocol. */
  public static final Axis<Pooling> POOLING =
      new CommonAxis.OfWords<>("pooling", Part.CALLERS, Pooling.DEDICATED) {
        @Override
        public Optional<Refusal> refusal(Cell cell) {
          return TrafficRefusals.pooling(cell);
        }
      };

  /**
   * What sends the requests. Cells from before there was the axis had libraries, so that is no part
   * of a key, and results list the loop as a setting. A block that does not name it has the loop,
   * unless libraries are part of the question of one of its cells.
   */
  public static final Axis<ClientKind> CLIENT =
      new CommonAxis.OfWords<>("client", Part.CALLERS, ClientKind.LIBRARY) {
        @Override
        public boolean setting() {
          return true;
        }

        @Override
        public boolean keyed(Cell cell) {
          return cell.client() != ClientKind.LIBRARY;
        }

        @Override
        public Optional<ClientKind> chosen(List<Cell> block) {
          return block.stream().anyMatch(ClientKind::asked)
              ? Optional.empty()
              : Optional.of(ClientKind.LOOP);
        }

        @Override
        public Optional<String> phrase(Cell cell) {
          // what nobody named is said of no cell
          return switch (cell.client()) {
            case LOOP -> Optional.of("by loop").filter(_ -> ClientKind.asked(cell));
            case LIBRARY ->
                cell.find(this).map(_ -> "by libraries").filter(_ -> !ClientKind.asked(cell));
          };
        }

        @Override
        public Optional<Refusal> refusal(Cell cell) {
          return TrafficRefusals.client(cell);
        }
      };

  /** Whether libraries send requests again. */
  public static final Axis<Retries> RETRIES = new RetriesAxis();

  /** When long-lived connections are opened. */
  public static final Axis<Opening> OPENING =
      new CommonAxis.OfWords<>("opening", Part.OPENING, Opening.AT_ONCE) {
        @Override
        public Optional<String> phrase(Cell cell) {
          return Optional.of("opened one after the other")
              .filter(_ -> cell.opening() == Opening.SPREAD);
        }

        @Override
        public Optional<Refusal> refusal(Cell cell) {
          return TrafficRefusals.opening(cell);
        }
      };

  /** What is sent on idle connections. */
  public static final Axis<KeepAlive> KEEP_ALIVE =
      new CommonAxis.OfWords<>("keep-alive", Part.IDLING, KeepAlive.NONE) {
        @Override
        public Optional<String> phrase(Cell cell) {
          return Optional.of(cell.keepAlive())
              .filter(k -> k != KeepAlive.NONE)
              .map(k -> "keep-alive " + k.word());
        }

        @Override
        public Optional<Refusal> refusal(Cell cell) {
          return TrafficRefusals.keepAlive(cell);
        }
      };

  /**
   * What is done against imbalance. Cells from before there was the axis had nothing, so that is no
   * part of a key.
   */
  public static final Axis<Cure> CURE = new CureAxis();

  /** Concurrent connections (callers, when the pool is shared), over all clients. */
  public static final Axis<Integer> CONNECTIONS =
      new CommonAxis.OfCounts("connections", Part.CALLERS, 100, Limits.CONNECTIONS) {
        @Override
        public Optional<String> phrase(Cell cell) {
          boolean callers = cell.shared() || !cell.protocol().longLived();
          return Optional.of(cell.connections() + (callers ? " callers" : " connections"));
        }
      };

  /** Pods behind the Service when a repetition begins. */
  public static final Axis<Integer> PODS =
      new CommonAxis.OfCounts("pods", Part.SIZE, 10, Limits.PODS);

  /** Client pods, each with its own load process. */
  public static final Axis<Integer> CLIENTS =
      new CommonAxis.OfCounts("clients", Part.CALLERS, 1, Limits.CLIENTS) {
        @Override
        public Optional<String> phrase(Cell cell) {
          String where = cell.nodes() > 1 ? " on " + cell.nodes() + " nodes" : "";
          String who = cell.clients() == 1 ? "1 client" : cell.clients() + " clients";
          return Optional.of(who + where).filter(_ -> cell.clients() > 1 || cell.nodes() > 1);
        }

        @Override
        public Optional<Refusal> refusal(Cell cell) {
          return TrafficRefusals.clients(cell);
        }
      };

  /** Nodes over which pods and clients are spread, each with its own rules; said with clients. */
  public static final Axis<Integer> NODES =
      new CommonAxis.OfCounts("nodes", Part.SIZE, 1, Limits.NODES) {
        @Override
        public Set<Ability> needs(Integer value) {
          return value > 1 ? EnumSet.of(Ability.MADE_NODES) : Set.of();
        }

        @Override
        public Optional<Refusal> refusal(Cell cell) {
          return TrafficRefusals.nodes(cell);
        }
      };

  /** When requests are due. */
  public static final Axis<LoadModel> RATE =
      new CommonAxis.OfRates("rate", Part.CALLERS, new LoadModel.Closed()) {
        @Override
        public Optional<String> phrase(Cell cell) {
          return cell.load() instanceof LoadModel.Open rate && !(rate instanceof LoadModel.Constant)
              ? Optional.of(rate.phrase())
              : Optional.empty();
        }

        @Override
        public Optional<Refusal> refusal(Cell cell) {
          return RateRefusals.rate(cell);
        }
      };

  /** How requests that are due at a rate follow one another. */
  public static final Axis<Arrivals> ARRIVALS = new ArrivalsAxis();

  /** All, in the order of keys; of a block's, the first varies slowest. */
  public static final List<Axis<?>> ALL =
      Stream.<Axis<?>>concat(
              Stream.of(
                  DATA_PLANE,
                  IPTABLES_BACKEND,
                  IPVS_SCHEDULER,
                  KUBE_PROXY,
                  PROTOCOL,
                  POOLING,
                  CLIENT,
                  RETRIES,
                  OPENING,
                  KEEP_ALIVE,
                  CURE,
                  CONNECTIONS,
                  PODS,
                  CLIENTS,
                  NODES,
                  RATE,
                  ARRIVALS),
              Stream.of(Setting.values()))
          .toList();

  private Axes() {}

  /** The words of all. */
  public static List<String> words() {
    return ALL.stream().map(Axis::word).toList();
  }

  /** The axis with this word, if there is one. */
  public static Optional<Axis<?>> find(String word) {
    return ALL.stream().filter(a -> a.word().equals(word)).<Axis<?>>map(a -> a).findFirst();
  }
}
