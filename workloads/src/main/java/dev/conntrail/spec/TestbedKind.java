package dev.conntrail.spec;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where the pods are. */
public enum TestbedKind implements Named {
  /** Netns for the blocks of a matrix that this kernel can run, uml for the others. */
  AUTO("auto", DataPlane.IPTABLES),
  /** Network namespaces of this machine's own kernel: real rules, no cluster. */
  NETNS("netns", DataPlane.IPTABLES),
  /** The same within a User-mode Linux kernel, which has ip_vs and needs no root. */
  UML("uml", DataPlane.IPTABLES),
  /** Ports of 127.0.0.1: no rules, no privileges; data plane {@code direct} only. */
  LOOPBACK("loopback", DataPlane.DIRECT),
  /** Clusters of kind, one for each kube-proxy mode, made and removed by the run. */
  KIND("kind", DataPlane.IPTABLES),
  /** The cluster that a kubeconfig names. */
  CLUSTER("cluster", DataPlane.IPTABLES);

  /** Programs that a run places between clients and pods, or beside them. */
  private static final Set<Ability> PLACED = EnumSet.of(Ability.PROXIES, Ability.DNS);

  private static final Set<Ability> CLUSTERS =
      EnumSet.of(Ability.SERVICE, Ability.IPTABLES, Ability.NFTABLES, Ability.IPVS);

  static {
    for (ProxyProgram program : ProxyProgram.values()) {
      PLACED.add(program.ability());
    }
    CLUSTERS.addAll(PLACED);
  }

  private final String word;
  private final DataPlane usual;

  TestbedKind(String word, DataPlane usual) {
    this.word = word;
    this.usual = usual;
  }

  /** The data plane of cells that name none. */
  DataPlane usual() {
    return usual;
  }

  /** What it has of what cells need, wherever it is. */
  public Set<Ability> abilities() {
    return switch (this) {
      case AUTO -> EnumSet.allOf(Ability.class);
      case UML -> {
        Set<Ability> has = EnumSet.allOf(Ability.class);
        has.removeAll(PLACED);
        yield has;
      }
      case NETNS -> EnumSet.complementOf(EnumSet.of(Ability.OWN_KERNEL));
      case LOOPBACK -> EnumSet.noneOf(Ability.class);
      case KIND -> {
        Set<Ability> has = EnumSet.copyOf(CLUSTERS);
        has.add(Ability.MADE_NODES);
        yield has;
      }
      case CLUSTER -> CLUSTERS;
    };
  }

  /** What a cell takes that it never has; empty if there is nothing. */
  public Optional<Need> lacks(Cell cell) {
    Set<Ability> has = abilities();
    return cell.needs().stream().filter(n -> !has.contains(n.ability())).findFirst();
  }

  /** The testbeds of which a block takes one: the first that can run most of its cells. */
  public List<TestbedKind> choices() {
    return this == AUTO ? List.of(NETNS, UML) : List.of(this);
  }

  /** Whose kernel has its rules, in words. */
  public String kernel() {
    return switch (this) {
      case AUTO, NETNS, LOOPBACK -> "this kernel";
      case UML -> "a User-mode Linux guest";
      case KIND, CLUSTER -> "the cluster";
    };
  }

  /** Whether a run itself loads the rules of a Service there. */
  public boolean loadsRules() {
    return this == AUTO || this == NETNS || this == UML;
  }

  /** Whether its kernel is not this machine's but one that a run boots. */
  public boolean guest() {
    return this == UML;
  }

  /**
   * Whether its kernel counts CPU time by its timer's ticks alone (User-mode Linux has no finer
   * {@code sched_clock}, kernel/sched/clock.c): a process that wakes at a tick is charged all of it
   * or none, so that no sum of ticks says what it took.
   */
  public boolean countsCpuByTicks() {
    return this == UML;
  }

  /** Whether its nodes are containers of this machine. */
  public boolean containers() {
    return this == KIND;
  }

  /** Whether it is a Kubernetes cluster, where kube-proxy makes the rules. */
  public boolean kubernetes() {
    return this == KIND || this == CLUSTER;
  }

  @Override
  public String word() {
    return word;
  }
}
