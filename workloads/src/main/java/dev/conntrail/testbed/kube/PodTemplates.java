package dev.conntrail.testbed.kube;

import dev.conntrail.spec.ClusterLife;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What the template of the echo pods says of how they come and go: pure. */
final class PodTemplates {
  static final int HEALTH_PORT = 8081;

  private static final Duration BEFORE_KILL = Duration.ofMillis(500);

  private PodTemplates() {}

  /** A template whose pods come and go so. */
  static PodTemplateSpec living(PodTemplateSpec template, ClusterLife life) {
    Container container = template.getSpec().getContainers().getFirst();
    return new PodTemplateSpecBuilder(template)
        .editSpec()
        .withTerminationGracePeriodSeconds(seconds(life.grace()))
        .withContainers(
            new ContainerBuilder(container)
                .withArgs(arguments(life))
                .withLifecycle(preStop(life.preStop()))
                .withReadinessProbe(
                    new ProbeBuilder(container.getReadinessProbe())
                        // as the API itself leaves out what is 0
                        .withInitialDelaySeconds(
                            life.readyAfter().isZero()
                                ? null
                                : Math.toIntExact(seconds(life.readyAfter())))
                        .build())
                .build())
        .endSpec()
        .build();
  }

  /** A server gives up before kubelet kills it, so that it can say what it has counted. */
  private static List<String> arguments(ClusterLife life) {
    Duration left = life.grace().minus(life.preStop()).minus(BEFORE_KILL);
    List<String> arguments =
        List.of(
            "echo",
            "--orders",
            "--address",
            "0.0.0.0",
            "--health-port",
            Integer.toString(HEALTH_PORT),
            "--on-term",
            life.onTerm().word(),
            "--drain-timeout",
            Math.max(0, left.toMillis()) + "ms");
    return Stream.concat(
            arguments.stream(),
            life.recycling().stream().flatMap(r -> Stream.of("--cure", r.toString())))
        .toList();
  }

  /** Rounded up. */
  private static long seconds(Duration time) {
    return time.plusSeconds(1).minusNanos(1).toSeconds();
  }

  private static Lifecycle preStop(Duration time) {
    return time.isZero()
        ? null
        : new LifecycleBuilder()
            .withNewPreStop()
            .withNewExec()
            .withCommand("sleep", new BigDecimal(time.toMillis()).movePointLeft(3).toPlainString())
            .endExec()
            .endPreStop()
            .build();
  }
}
