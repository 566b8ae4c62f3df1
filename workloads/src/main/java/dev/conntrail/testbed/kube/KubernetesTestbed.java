package dev.conntrail.testbed.kube;

import dev.conntrail.spec.ClusterLife;
import dev.conntrail.spec.Cure;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Polling;
import dev.conntrail.testbed.Testbed;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.TestbedSize;
import dev.conntrail.testbed.Uninterrupted;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Echo pods behind a Service, a Job of load pods, and where they are asked for proxy pods behind a
 * Service of their own, in a namespace of a cluster. All that is made carries the labels of {@link
 * Settings}, and is deleted when this is closed.
 */
public final class KubernetesTestbed implements Testbed {
  private static final Duration START_LIMIT = Duration.ofMinutes(5);
  private static final Duration DELETE_LIMIT = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(400);

  private final KubernetesClient client;
  private final Settings settings;
  private final boolean ownNamespace;
  private final BiConsumer<String, String> events;
  private final RunObjects objects;
  private final PodTroubles troubles;
  private final LoadPods loads;
  private final ProxyPods proxies;
  private Optional<PodWatch> watch = Optional.empty();
  private KubeService service;
  private final OtherServices others;

  private KubernetesTestbed(
      KubernetesClient client,
      Settings settings,
      boolean ownNamespace,
      BiConsumer<String, String> events) {
    this.client = client;
    this.settings = settings;
    this.ownNamespace = ownNamespace;
    this.events = events;
    this.objects = new RunObjects(client, settings);
    this.loads = new LoadPods(settings, () -> objects.pods(Manifests.LOAD), this::make);
    this.proxies =
        new ProxyPods(settings, () -> objects.all(Manifests.PROXY), this::make, this::make);
    this.others = new OtherServices(settings, this::make);
    this.troubles = new PodTroubles(objects, Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  /**
   * Makes everything and waits until all pods are ready.
   *
   * @param events told of all that happens to pods and endpoints: what, and to whom
   * @throws TestbedException that says what was waited for and what the cluster says of it
   */
  public static KubernetesTestbed up(
      KubernetesClient client, Settings settings, BiConsumer<String, String> events) {
    boolean own =
        Api.call(
                "read the namespace " + settings.namespace(),
                () -> client.namespaces().withName(settings.namespace()).get())
            == null;
    KubernetesTestbed testbed = new KubernetesTestbed(client, settings, own, events);
    try {
      testbed.make();
      return testbed;
    } catch (RuntimeException e) {
      try {
        Uninterrupted.run(testbed::close);
      } catch (TestbedException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private void make() {
    String ns = settings.namespace();
    TestbedSize size = settings.size();
    if (ownNamespace) {
      Api.call(
          "make the namespace " + ns,
          () ->
              client
                  .resource(Manifests.namespace(settings, ns, "restricted", Owners.self()))
                  .create());
    }
    watch = Optional.of(new PodWatch(client, settings, events));
    service = make(Manifests.service(settings, Manifests.ECHO));
    if (size.names()) {
      // before anybody asks for it, and keeps that it is unknown
      make(OtherServices.headless(settings));
    }
    make(Manifests.echo(settings));
    proxies.make();
    LoadPods.check(
        Api.call(
            "make the Job",
            () -> client.resource(Manifests.load(settings)).inNamespace(ns).create()));
    awaitPods();
    await(size.clients() + " load pods running", () -> clients().size() == size.clients());
    await(size.proxies() + " proxy pods", () -> proxies.ready().size() == size.proxies());
  }

  private KubeService make(Service wanted) {
    String name = wanted.getMetadata().getName();
    String ip =
        Api.call(
                "make the Service " + name,
                () -> client.resource(wanted).inNamespace(settings.namespace()).create())
            .getSpec()
            .getClusterIP();
    return new KubeService(settings.namespace() + "/" + name, ip);
  }

  private void make(Deployment wanted) {
    Api.call(
        "make the Deployment " + wanted.getMetadata().getName(),
        () -> client.resource(wanted).inNamespace(settings.namespace()).create());
  }

  private void make(Pod pod) {
    Api.call(
        "make a pod of " + pod.getMetadata().getLabels().get(Settings.ROLE),
        () -> client.resource(pod).inNamespace(settings.namespace()).create());
  }

  /** The Service of the echo pods; where a cure asks for another one, that, which stays. */
  public KubeService service(Cure cure) {
    return others.of(cure).orElse(service);
  }

  /** The name of a headless Service of the echo pods, for pods of their namespace. */
  public String name() {
    return OtherServices.HEADLESS;
  }

  /** That of the first proxies. */
  public KubeService proxyService(int pool) {
    return proxies.service(pool);
  }

  @Override
  public List<Place> pods() {
    return objects.echo();
  }

  /** The proxy pods, and those beside load pods: each runs a proxy when it is told to. */
  @Override
  public List<Place> proxies() {
    Stream<Place> sidecars =
        clients().stream().filter(_ -> settings.size().sidecars()).map(Place::sidecar);
    return Stream.concat(proxies.ready().stream(), sidecars).toList();
  }

  /** The running load pods, by index: {@code load-0} and on. */
  @Override
  public List<Place> clients() {
    return loads.running();
  }

  static Place place(Pod p, Place.Role role) {
    return new Place(
        p.getMetadata().getName(), role, p.getSpec().getNodeName(), p.getStatus().getPodIP(), "");
  }

  /**
   * Waits until all echo pods are there, and no others: at first, and again after one was lost or
   * the Deployment was changed.
   */
  public List<Place> awaitPods() {
    int all = settings.size().pods();
    await(all + " echo pods ready", () -> objects.settled() && pods().size() == all);
    return pods();
  }

  /** As many echo pods as at first, which come and go so, and no others; waits for them. */
  public List<Place> restore(ClusterLife life) {
    deployment().restore(life);
    return awaitPods();
  }

  /** Has echo pods behind the Service, and no others; waits until its EndpointSlices say so. */
  public void serve(List<Place> pods) {
    endpoints().set(pods);
    Set<String> addresses = pods.stream().map(Place::address).collect(Collectors.toSet());
    await(
        pods.size() + " echo pods in the Service's EndpointSlices",
        () -> objects.endpoints().equals(addresses));
  }

  /** Which of the echo pods are behind the Service. */
  public EchoEndpoints endpoints() {
    return new EchoEndpoints(client, objects);
  }

  /** The Deployment of the echo pods. */
  public EchoDeployment deployment() {
    return new EchoDeployment(client, settings);
  }

  /** kube-proxy, of a cluster that the run has made. */
  public KubeProxy proxy() {
    return new KubeProxy(client);
  }

  /** Its nodes that are drained, of a cluster that the run has made. */
  public DrainedNodes drained() {
    return new DrainedNodes(client, settings);
  }

  /** Follows the echo pods. */
  public PodSightings sightings() {
    return new PodSightings(client, settings);
  }

  /** Waits for what replaces a lost load pod, proxy pod, or proxy beside a load pod. */
  public Place replacement(Place lost) {
    return switch (lost.role()) {
      case PROXY -> found("the pod " + lost.name(), () -> proxies.again(lost.name()));
      case SIDECAR -> found("the proxy " + lost.name(), () -> loads.sidecar(lost.beside()));
      default -> {
        LoadPods.Replacement next = loads.lost(lost.name());
        await("a load pod in place of " + lost.name(), next::there);
        yield next.pod();
      }
    };
  }

  private Place found(String what, Supplier<Optional<Place>> look) {
    await(what, () -> look.get().isPresent());
    return look.get().orElseThrow();
  }

  /** Takes hold of the main process of a pod, or of the proxy's agent beside it. */
  public Process attach(Place pod, Path log) {
    boolean sidecar = pod.role() == Place.Role.SIDECAR;
    return Api.call(
        "attach to the pod " + pod.name(),
        () ->
            new PodProcess(
                client
                    .pods()
                    .inNamespace(settings.namespace())
                    .withName(sidecar ? pod.beside() : pod.name())
                    .inContainer(sidecar ? Manifests.SIDECAR : Settings.CONNTRAIL)
                    .redirectingInput()
                    .redirectingOutput()
                    .redirectingError()
                    .attach(),
                log));
  }

  private void await(String what, BooleanSupplier there) {
    if (!Polling.until(what, START_LIMIT, LOOK, () -> there.getAsBoolean() || inVain(what))) {
      throw new TestbedException(
          "waited " + START_LIMIT.toSeconds() + " s for " + what + ": " + troubles.describe());
    }
  }

  /** Never so: fails where waiting longer is in vain. */
  private boolean inVain(String what) {
    troubles
        .hopeless()
        .ifPresent(h -> {
          throw new TestbedException("waiting for " + what + " is in vain: " + h.why(), h.mend());
        });
    return false;
  }

  @Override
  public void close() {
    watch.ifPresent(PodWatch::close);
    watch = Optional.empty();
    if (!ownNamespace) {
      objects.delete();
    } else if (settings.disposable()) {
      Owners.beginDeletion(client, settings.namespace());
    } else {
      Owners.deleteNamespace(client, settings.namespace(), DELETE_LIMIT);
    }
  }
}
