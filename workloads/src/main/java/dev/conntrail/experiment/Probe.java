package dev.conntrail.experiment;

import dev.conntrail.dataplane.NodeProxy;
import dev.conntrail.experiment.AtHand.Has;
import dev.conntrail.experiment.AtHand.Lack;
import dev.conntrail.proxy.DnsServer;
import dev.conntrail.proxy.ProxyPrograms;
import dev.conntrail.spec.Ability;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.ProxyProgram;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.Abilities;
import dev.conntrail.testbed.NetnsRequirements;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.UmlGuest;
import dev.conntrail.testbed.kube.ClusterOptions;
import dev.conntrail.testbed.kube.KindRequirements;
import dev.conntrail.testbed.kube.ProxyFacts;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what of testbeds is at hand. */
public final class Probe {
  private final List<Cell> cells;
  private final ClusterOptions options;
  private Optional<UmlGuest> guest = Optional.empty();

  private Probe(List<Cell> cells, ClusterOptions options) {
    this.cells = cells;
    this.options = options;
  }

  /**
   * Those testbeds on which an experiment may run.
   *
   * @param options how clusters are to be had
   * @param umlKernel a User-mode Linux kernel; empty for Debian's
   * @throws TestbedException if a kernel that was named is none
   */
  public static AtHand atHand(Experiment experiment, ClusterOptions options, String umlKernel) {
    return atHand(List.of(experiment), options, umlKernel);
  }

  /** Those on which any of some experiments may run, each looked at once. */
  public static AtHand atHand(
      List<Experiment> experiments, ClusterOptions options, String umlKernel) {
    Probe probe =
        new Probe(experiments.stream().flatMap(e -> e.cells().stream()).toList(), options);
    Map<TestbedKind, Has> testbeds = new EnumMap<>(TestbedKind.class);
    experiments.stream()
        .flatMap(e -> e.testbed().choices().stream())
        .distinct()
        .forEach(kind -> testbeds.put(kind, probe.has(kind, umlKernel)));
    return new AtHand(testbeds, probe.guest);
  }

  /**
   * Testbed uml, seen from within a guest.
   *
   * @param kubeProxy whose rules, whatever cells ask for; empty for what they ask for
   */
  static AtHand within(Experiment experiment, Optional<KubeProxy> kubeProxy) {
    Probe probe = new Probe(experiment.cells(), ClusterOptions.DEFAULT);
    return AtHand.of(
        Map.of(TestbedKind.UML, Has.of(Map.of(), probe.auto()).withRulesOf(kubeProxy)));
  }

  private Has has(TestbedKind kind, String umlKernel) {
    try {
      return switch (kind) {
        case NETNS -> netns();
        case UML -> uml(umlKernel);
        case KIND -> kind();
        case CLUSTER -> modeOf(ClusterOpener.found(kind, options), Map.of());
        case LOOPBACK -> Has.everything();
        case AUTO -> throw new IllegalArgumentException("auto is a choice of testbeds, and none");
      };
    } catch (TestbedException e) {
      if (kind.guest() && !umlKernel.isEmpty()) {
        throw e;
      }
      return Has.unusable(Lack.of(e));
    }
  }

  private Has netns() {
    NetnsRequirements.require();
    Map<Ability, Lack> lacks =
        lacks(
            TestbedKind.NETNS,
            Abilities.here(),
            "--testbed auto or uml, which brings a kernel that has it");
    for (ProxyProgram program : ProxyProgram.values()) {
      try {
        ProxyPrograms.require(program);
      } catch (TestbedException e) {
        lacks.put(program.ability(), Lack.of(e));
      }
    }
    try {
      DnsServer.require();
    } catch (TestbedException e) {
      lacks.put(Ability.DNS, Lack.of(e));
    }
    return Has.of(lacks, auto());
  }

  private Has uml(String kernel) {
    guest = Optional.of(UmlGuest.find(kernel));
    return Has.of(
        lacks(
            TestbedKind.UML,
            guest.get().abilities(),
            "another kernel with --uml-kernel, or other cells"),
        Optional.empty());
  }

  /** What {@code auto} means in this kernel; looked up where a cell asks. */
  private Optional<IptablesBackend> auto() {
    return cells.stream()
        .flatMap(c -> c.plane().backend().stream())
        .filter(b -> b == IptablesBackend.AUTO)
        .findFirst()
        .map(NodeProxy::resolve);
  }

  private Has kind() {
    KindRequirements.require(options);
    Map<Ability, Lack> lacks = new EnumMap<>(Ability.class);
    for (ProxyProgram program : ProxyProgram.values()) {
      tried(program.ability(), () -> KindRequirements.proxy(options.image(), program), lacks);
    }
    if (options.reuse().isPresent()) {
      lacks.put(
          Ability.MADE_NODES,
          new Lack("the run has not made this cluster", Optional.of("leave --reuse out")));
      return modeOf(ClusterOpener.found(TestbedKind.KIND, options), lacks);
    }
    tried(Ability.IPVS, () -> KindRequirements.ipvs(options), lacks);
    return new Has(
        Optional.empty(),
        lacks,
        Optional.empty(),
        KubeProxy.of(KindRequirements.version(options.nodeImage())),
        false);
  }

  /** Looks for what takes long to look for, and only where a cell takes it. */
  private void tried(Ability ability, Runnable look, Map<Ability, Lack> lacks) {
    if (cells.stream().flatMap(c -> c.needs().stream()).anyMatch(n -> n.ability() == ability)) {
      try {
        look.run();
      } catch (TestbedException e) {
        lacks.put(ability, Lack.of(e));
      }
    }
  }

  /**
   * A cluster that is there has one mode.
   *
   * @param others what it lacks besides
   */
  private static Has modeOf(ProxyFacts proxy, Map<Ability, Lack> others) {
    DataPlane mode =
        proxy
            .mode()
            .orElseThrow(() ->
                new TestbedException(
                    "cannot tell what programs the Services of this cluster: "
                        + proxy.all().get("kube-proxy mode (ConfigMap)")
                        + " (ConfigMap kube-system/kube-proxy)",
                    "allow reading it, or take a cluster with kube-proxy"));
    Lack other =
        new Lack("this cluster's kube-proxy runs in mode " + mode.word(), Optional.empty());
    Map<Ability, Lack> lacks = new EnumMap<>(Ability.class);
    lacks.putAll(others);
    for (DataPlane plane : DataPlane.values()) {
      plane.needs().stream()
          .filter(n -> !mode.needs().contains(n))
          .forEach(n -> lacks.put(n, other));
    }
    return new Has(Optional.empty(), lacks, Optional.empty(), KubeProxy.of(proxy.version()), true);
  }

  private static Map<Ability, Lack> lacks(TestbedKind kind, Abilities abilities, String mend) {
    Map<Ability, Lack> lacks = new EnumMap<>(Ability.class);
    abilities
        .lacking()
        .forEach((ability, words) ->
            lacks.put(ability, new Lack(kind.kernel() + " has no " + words, Optional.of(mend))));
    return lacks;
  }
}
