package dev.conntrail.testbed.kube;

import dev.conntrail.spec.Affinity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Services of the echo pods beside the first, each with an affinity: made when a cell first asks
 * for it, for a Service that is changed keeps what its rules remember.
 */
final class PinnedServices {
  private final Settings settings;
  private final Function<Service, KubeService> make;
  private final Map<Affinity, KubeService> made = new HashMap<>();

  PinnedServices(Settings settings, Function<Service, KubeService> make) {
    this.settings = settings;
    this.make = make;
  }

  KubeService of(Affinity affinity) {
    return made.computeIfAbsent(affinity, a -> make.apply(manifest(settings, a)));
  }

  static Service manifest(Settings settings, Affinity affinity) {
    int seconds = Math.toIntExact(affinity.timeout().toSeconds());
    return new ServiceBuilder(Manifests.service(settings, Manifests.ECHO))
        .editMetadata()
        .withName(Manifests.ECHO + "-pinned-" + seconds + "s")
        .endMetadata()
        .editSpec()
        .withSessionAffinity("ClientIP")
        .withNewSessionAffinityConfig()
        .withNewClientIP(seconds)
        .endSessionAffinityConfig()
        .endSpec()
        .build();
  }
}
