package dev.conntrail.testbed.kube;

import dev.conntrail.spec.Affinity;
import dev.conntrail.spec.Cure;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Services of the echo pods beside the first, which choose pods otherwise: made when a cell first
 * asks for one, for a Service that is changed keeps what its rules remember.
 */
final class OtherServices {
  /** The name of the one that has no address. */
  static final String HEADLESS = Manifests.ECHO + "-headless";

  private final Settings settings;
  private final Function<Service, KubeService> make;
  private final Map<Choice, KubeService> made = new HashMap<>();

  OtherServices(Settings settings, Function<Service, KubeService> make) {
    this.settings = settings;
    this.make = make;
  }

  /** What a Service does otherwise. */
  private record Choice(Optional<Affinity> affinity, boolean sameZone) {
    String name() {
      return Manifests.ECHO
          + affinity.map(a -> "-pinned-" + a.timeout().toSeconds() + "s").orElse("")
          + (sameZone ? "-same-zone" : "");
    }
  }

  /** That of a cure; empty where it asks for nothing of a Service. */
  Optional<KubeService> of(Cure cure) {
    return Optional.of(new Choice(cure.affinity(), cure.sameZone()))
        .filter(c -> c.sameZone() || c.affinity().isPresent())
        .map(c -> made.computeIfAbsent(c, x -> make.apply(manifest(settings, x))));
  }

  /** One without an address of its own, whose name has those of the echo pods. */
  static Service headless(Settings s) {
    return new ServiceBuilder(Manifests.service(s, Manifests.ECHO))
        .editMetadata()
        .withName(HEADLESS)
        .endMetadata()
        .editSpec()
        .withClusterIP("None")
        .endSpec()
        .build();
  }

  private static Service manifest(Settings settings, Choice choice) {
    ServiceBuilder service =
        new ServiceBuilder(Manifests.service(settings, Manifests.ECHO))
            .editMetadata()
            .withName(choice.name())
            .endMetadata();
    if (choice.affinity().isPresent()) {
      int seconds = Math.toIntExact(choice.affinity().get().timeout().toSeconds());
      service
          .editSpec()
          .withSessionAffinity("ClientIP")
          .withNewSessionAffinityConfig()
          .withNewClientIP(seconds)
          .endSessionAffinityConfig()
          .endSpec();
    }
    if (choice.sameZone()) {
      service.editSpec().withTrafficDistribution("PreferSameZone").endSpec();
    }
    return service.build();
  }
}
