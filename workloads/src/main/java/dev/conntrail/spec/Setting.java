package dev.conntrail.spec;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A number that a cell may set otherwise than kube-proxy and the kernel have it: an axis like the
 * others, and absent unless an experiment names it.
 */
public enum Setting implements Named, Axis<Integer> {
  /**
   * How long ipvs keeps an idle connection, whole seconds ({@code kube-proxy --ipvs-tcp-timeout},
   * {@code ipvsadm --set}); without it 15 min ({@code ip_vs_proto_tcp.c}).
   */
  IPVS_TCP_TIMEOUT("ipvs-tcp-timeout", Scope.NODE, Unit.SECONDS, 1, 86_400, 900),
  /**
   * How long conntrack keeps an idle connection, whole seconds ({@code kube-proxy
   * --conntrack-tcp-timeout-established}); without it 24 h, as kube-proxy sets it (the kernel: 5
   * days).
   */
  CONNTRACK_TCP_TIMEOUT(
      "conntrack-tcp-timeout-established", Scope.NODE, Unit.SECONDS, 1, 432_000, 86_400),
  /**
   * Whether a packet for a real server that is gone ends its connection's entry ({@code
   * net.ipv4.vs.expire_nodest_conn}); kube-proxy sets 1.
   */
  EXPIRE_NODEST_CONN("expire-nodest-conn", Scope.NODE, Unit.NUMBER, 0, 1, 1),
  /**
   * Whether a SYN on a port that an old entry holds is scheduled anew ({@code
   * net.ipv4.vs.conn_reuse_mode}); 1 on kernels from 5.9 on, kube-proxy sets 0 on older ones.
   */
  CONN_REUSE_MODE("conn-reuse-mode", Scope.NODE, Unit.NUMBER, 0, 1, 1),
  /**
   * Most entries of the connection table ({@code net.netfilter.nf_conntrack_max}). One number for
   * the whole kernel, so on testbed uml only.
   */
  CONNTRACK_MAX("conntrack-max", Scope.NODE, Unit.NUMBER, 1, 1_000_000, Setting.KERNELS),
  /**
   * Local ports that a client takes in turn, so that each is used again soon; it may use one a
   * second after its last connection ended ({@code net.ipv4.tcp_tw_reuse} is set). Without it the
   * kernel chooses from 64,512.
   */
  LOCAL_PORTS("local-ports", Scope.CLIENT, Unit.NUMBER, 1, 40_000, Setting.KERNELS),
  /** How often a client sends a SYN again ({@code net.ipv4.tcp_syn_retries}); Linux: 6. */
  SYN_RETRIES("syn-retries", Scope.CLIENT, Unit.NUMBER, 1, 6, 6),
  /**
   * How often a client sends unacknowledged data again before it gives the connection up ({@code
   * net.ipv4.tcp_retries2}); Linux: 15, a quarter of an hour.
   */
  TCP_RETRIES("tcp-retries", Scope.CLIENT, Unit.NUMBER, 1, 15, 15),
  /** Time between keep-alives, whole seconds; without it 1 s. */
  KEEP_ALIVE_INTERVAL(
      "keep-alive-interval", Scope.LOAD, Unit.SECONDS, 1, 7200, LoadPlan.KEEP_ALIVE_S);

  /** Stands for a number that the kernel has and nobody named. */
  private static final int KERNELS = -1;

  /** Where a setting takes effect. */
  public enum Scope {
    /** On each node. */
    NODE,
    /** In each client pod. */
    CLIENT,
    /** In the load process itself. */
    LOAD
  }

  /** What its number counts. */
  public enum Unit {
    NUMBER,
    SECONDS
  }

  private final String word;
  private final Scope scope;
  private final Unit unit;
  private final int least;
  private final int most;
  private final int usual;

  Setting(String word, Scope scope, Unit unit, int least, int most, int usual) {
    this.word = word;
    this.scope = scope;
    this.unit = unit;
    this.least = least;
    this.most = most;
    this.usual = usual;
  }

  @Override
  public String word() {
    return word;
  }

  /** Where it takes effect. */
  public Scope scope() {
    return scope;
  }

  /** The least number that is allowed. */
  public int least() {
    return least;
  }

  /** The greatest number that is allowed. */
  public int most() {
    return most;
  }

  @Override
  public Part part() {
    return planes().contains(DataPlane.DIRECT) ? Part.SETTINGS : Part.PLANE;
  }

  @Override
  public Set<DataPlane> planes() {
    return switch (this) {
      case IPVS_TCP_TIMEOUT, EXPIRE_NODEST_CONN, CONN_REUSE_MODE -> EnumSet.of(DataPlane.IPVS);
      default -> EnumSet.allOf(DataPlane.class);
    };
  }

  @Override
  public boolean setting() {
    return true;
  }

  @Override
  public Optional<Integer> usual() {
    return usual == KERNELS ? Optional.empty() : Optional.of(usual);
  }

  @Override
  public Integer parse(String text) {
    return unit == Unit.SECONDS
        ? Scalars.seconds(text, least, most)
        : Scalars.integer(text, least, most);
  }

  /** A number with its unit: {@code 3s}. */
  @Override
  public String text(Integer number) {
    return unit == Unit.SECONDS ? number + "s" : Integer.toString(number);
  }

  @Override
  public Set<Ability> needs(Integer number) {
    if (scope == Scope.LOAD) {
      return Set.of();
    }
    return this == CONNTRACK_MAX
        ? EnumSet.of(Ability.OWN_NODES, Ability.OWN_KERNEL)
        : EnumSet.of(Ability.OWN_NODES);
  }

  @Override
  public boolean provokes() {
    return scope != Scope.LOAD;
  }

  @Override
  public boolean otherLaw() {
    return this == LOCAL_PORTS || this == CONNTRACK_MAX;
  }

  @Override
  public boolean appliesTo(Cell cell) {
    return appliesTo(cell.dataPlane())
        && (this != KEEP_ALIVE_INTERVAL || cell.keepAlive() != KeepAlive.NONE);
  }

  /** As a person would say it: {@code conn-reuse-mode 0}. */
  @Override
  public Optional<String> phrase(Cell cell) {
    return cell.find(this).map(number -> word + " " + text(number));
  }

  @Override
  public Optional<Refusal> refusal(Cell cell) {
    if (cell.find(this).isEmpty()) {
      return Optional.empty();
    }
    if (this == LOCAL_PORTS && cell.protocol().grpc()) {
      return Optional.of(
          new Refusal(
              "found it with protocol " + cell.protocol().word(),
              "it with http1, http2, websocket and short-lived"));
    }
    return this == KEEP_ALIVE_INTERVAL && cell.keepAlive() == KeepAlive.NONE
        ? Optional.of(
            new Refusal(
                "found it without keep-alive", "the key only beside keep-alive: tcp or ping"))
        : Optional.empty();
  }
}
