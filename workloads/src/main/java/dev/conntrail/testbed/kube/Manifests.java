package dev.conntrail.testbed.kube;

import dev.conntrail.spec.ClusterLife;
import dev.conntrail.spec.EchoPort;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.List;
import java.util.Map;

/** The objects that a run makes in a cluster: pure. */
final class Manifests {
  static final String ECHO = "echo";
  static final String LOAD = "load";
  static final String PROXY = "proxy";
  static final String NODES = "nodes";
  static final String SIDECAR = "sidecar";

  /** What the pods of a run are for. */
  static final List<String> ROLES = List.of(ECHO, LOAD, PROXY);

  private static final long USER = 65532;

  /** A load pod that was lost is made again; more often than this means that none can live. */
  private static final int LOAD_RETRIES = 20;

  /** Nothing that is left by mistake loads a cluster for longer than this. */
  private static final long LOAD_DEADLINE_S = 12 * 3600;

  private Manifests() {}

  static Map<String, String> labels(Settings s, String role) {
    return Map.of(
        Settings.MANAGED_BY, Settings.CONNTRAIL, Settings.RUN, s.run(), Settings.ROLE, role);
  }

  /**
   * A namespace.
   *
   * @param level its Pod Security Standard: restricted, or privileged for a look at nodes
   */
  static Namespace namespace(Settings s, String name, String level, String owner) {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels(Settings.MANAGED_BY, Settings.CONNTRAIL)
        .addToLabels(Settings.RUN, s.run())
        .addToLabels("pod-security.kubernetes.io/enforce", level)
        .addToAnnotations(Settings.OWNER, owner)
        .endMetadata()
        .build();
  }

  static Deployment echo(Settings s) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName(ECHO)
        .withLabels(labels(s, ECHO))
        .endMetadata()
        .withNewSpec()
        .withReplicas(s.size().pods())
        .withNewSelector()
        .withMatchLabels(labels(s, ECHO))
        .endSelector()
        .withTemplate(
            PodTemplates.living(template(s, ECHO, echoContainer(s), "Always"), ClusterLife.PLAIN))
        .endSpec()
        .build();
  }

  /** What runs a proxy when it is told to. */
  static PodTemplateSpec proxy(Settings s) {
    return template(s, PROXY, agent(s).build(), "Always");
  }

  private static ContainerBuilder agent(Settings s) {
    return container(s, List.of("proxy"), "100m", "512Mi");
  }

  private static Container echoContainer(Settings s) {
    return container(s, List.of(), "50m", "256Mi")
        .addNewPort()
        .withName(EchoPort.HTTP.word())
        .withContainerPort(EchoPort.HTTP.ofPods())
        .endPort()
        .addNewPort()
        .withName(EchoPort.GRPC.word())
        .withContainerPort(EchoPort.GRPC.ofPods())
        .endPort()
        .withNewReadinessProbe()
        .withNewHttpGet()
        .withPath("/healthz")
        .withNewPort(PodTemplates.HEALTH_PORT)
        .endHttpGet()
        .withPeriodSeconds(1)
        .withTimeoutSeconds(5)
        .withFailureThreshold(10)
        .endReadinessProbe()
        .build();
  }

  /**
   * The Service of the pods of a role.
   *
   * @param role whose pods listen as those of echo do
   */
  static Service service(Settings s, String role) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(role)
        .withLabels(labels(s, role))
        .endMetadata()
        .withNewSpec()
        .withSelector(EchoEndpoints.labels(s, role))
        .addNewPort()
        .withName(EchoPort.HTTP.word())
        .withPort(EchoPort.HTTP.ofService())
        .withNewTargetPort(EchoPort.HTTP.ofPods())
        .endPort()
        .addNewPort()
        .withName(EchoPort.GRPC.word())
        .withPort(EchoPort.GRPC.ofService())
        .withNewTargetPort(EchoPort.GRPC.ofPods())
        .endPort()
        .endSpec()
        .build();
  }

  static Job load(Settings s) {
    // The pod ends when who gives it orders is gone.
    Container client =
        container(s, List.of("load", "--orders"), "100m", "512Mi").withStdinOnce(true).build();
    return new JobBuilder()
        .withNewMetadata()
        .withName(LOAD)
        .withLabels(labels(s, LOAD))
        .endMetadata()
        .withNewSpec()
        .withCompletionMode("Indexed")
        .withCompletions(s.size().clients())
        .withParallelism(s.size().clients())
        .withBackoffLimit(LOAD_RETRIES)
        .withActiveDeadlineSeconds(LOAD_DEADLINE_S)
        .withTemplate(
            new PodTemplateSpecBuilder(template(s, LOAD, client, "Never"))
                .editSpec()
                .withInitContainers(sidecars(s))
                .endSpec()
                .build())
        .endSpec()
        .build();
  }

  /** A container that goes on beside the client's, and ends when that does: none, or one. */
  private static List<Container> sidecars(Settings s) {
    return s.size().sidecars()
        ? List.of(agent(s).withName(SIDECAR).withRestartPolicy("Always").build())
        : List.of();
  }

  /**
   * A privileged pod on each node that takes pods, from which its administrator's programs can be
   * run.
   */
  static DaemonSet nodes(Settings s) {
    return new DaemonSetBuilder()
        .withNewMetadata()
        .withName(NODES)
        .withLabels(labels(s, NODES))
        .endMetadata()
        .withNewSpec()
        .withNewSelector()
        .withMatchLabels(labels(s, NODES))
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels(s, NODES))
        .endMetadata()
        .withNewSpec()
        .withHostNetwork(true)
        .withHostPID(true)
        .withAutomountServiceAccountToken(false)
        .withTerminationGracePeriodSeconds(0L)
        .addNewContainer()
        .withName(NODES)
        .withImage(s.image())
        .withImagePullPolicy("IfNotPresent")
        .withCommand("sleep", "infinity")
        .withNewSecurityContext()
        .withPrivileged(true)
        .withRunAsUser(0L)
        .endSecurityContext()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static ContainerBuilder container(
      Settings s, List<String> arguments, String cpu, String memory) {
    return new ContainerBuilder()
        .withName(Settings.CONNTRAIL)
        .withImage(s.image())
        .withImagePullPolicy("IfNotPresent")
        .withArgs(arguments)
        .withStdin(true)
        .withEnv(field("POD_NAME", "metadata.name"), field("NODE_NAME", "spec.nodeName"))
        .withNewResources()
        .addToRequests("cpu", new Quantity(cpu))
        .addToRequests("memory", new Quantity(memory))
        .addToLimits("memory", new Quantity(memory))
        .endResources()
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .addNewVolumeMount()
        .withName("tmp")
        .withMountPath("/tmp")
        .endVolumeMount();
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath(path)
        .endFieldRef()
        .endValueFrom()
        .build();
  }

  private static PodTemplateSpec template(
      Settings s, String role, Container container, String restart) {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(EchoEndpoints.labels(s, role))
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy(restart)
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(1L)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .addNewTopologySpreadConstraint()
        .withMaxSkew(1)
        .withTopologyKey("kubernetes.io/hostname")
        .withWhenUnsatisfiable("ScheduleAnyway")
        .withNewLabelSelector()
        .withMatchLabels(labels(s, role))
        .endLabelSelector()
        .endTopologySpreadConstraint()
        .withContainers(container)
        .addNewVolume()
        .withName("tmp")
        .withNewEmptyDir()
        .endEmptyDir()
        .endVolume()
        .endSpec()
        .build();
  }
}
