package dev.conntrail.experiment;

import dev.conntrail.spec.Ability;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.UmlGuest;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What of testbeds is at hand on this machine: found out once, by {@link Probe}.
 *
 * @param testbeds those that were asked for
 * @param guest the kernel of testbed uml; empty where there is none, and within a guest
 */
public record AtHand(Map<TestbedKind, Has> testbeds, Optional<UmlGuest> guest) {
  public AtHand {
    testbeds = Map.copyOf(testbeds);
  }

  /** The guest, where cells were placed there. */
  public Optional<UmlGuest> guestOf(Placement placement) {
    return guest.filter(_ -> placement.cells().containsKey(TestbedKind.UML));
  }

  /** The same, where the run itself loads rules, with those of a kube-proxy. */
  public AtHand like(KubeProxy version) {
    Map<TestbedKind, Has> all = new EnumMap<>(testbeds);
    all.replaceAll((kind, has) -> kind.loadsRules() ? has.withRulesOf(Optional.of(version)) : has);
    return new AtHand(all, guest);
  }

  /** Testbeds without a guest. */
  public static AtHand of(Map<TestbedKind, Has> testbeds) {
    return new AtHand(testbeds, Optional.empty());
  }

  /**
   * Something that lacks.
   *
   * @param why in words
   * @param mend what the user does about it, where that is known
   */
  public record Lack(String why, Optional<String> mend) {
    static Lack of(TestbedException e) {
      return new Lack(e.why(), e.mend());
    }

    /** What stops a run that cannot do without. */
    TestbedException exception() {
      return mend.map(m -> new TestbedException(why, m)).orElseGet(() -> new TestbedException(why));
    }
  }

  /**
   * A testbed.
   *
   * @param unusable why no cell can run there; empty if some can
   * @param lacks what it lacks of what others of its kind have
   * @param auto the iptables backend that {@code auto} means there; empty where it is not known, or
   *     kube-proxy's own choice
   * @param kubeProxy whose rules it has, whatever a cell asks for: a cluster's own, or those of a
   *     cluster that the run is to be like; empty where cells choose, or the version is not known
   *     here
   * @param found whether it was found as it is, and the run cannot choose: what it lacks is left
   *     out, whoever named the testbed
   */
  public record Has(
      Optional<Lack> unusable,
      Map<Ability, Lack> lacks,
      Optional<IptablesBackend> auto,
      Optional<KubeProxy> kubeProxy,
      boolean found) {
    public Has {
      lacks = Map.copyOf(lacks);
    }

    /** All that its kind can have. */
    public static Has everything() {
      return of(Map.of(), Optional.empty());
    }

    /** One that can be had, and may lack something. */
    public static Has of(Map<Ability, Lack> lacks, Optional<IptablesBackend> auto) {
      return new Has(Optional.empty(), lacks, auto, Optional.empty(), false);
    }

    /** The same with rules of a kube-proxy, whatever a cell asks for; none leaves all as it is. */
    Has withRulesOf(Optional<KubeProxy> version) {
      return new Has(unusable, lacks, auto, version.or(() -> kubeProxy), found);
    }

    /** One that cannot be had. */
    public static Has unusable(Lack why) {
      return new Has(Optional.of(why), Map.of(), Optional.empty(), Optional.empty(), false);
    }
  }
}
