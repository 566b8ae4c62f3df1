package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Testbed;
import dev.conntrail.testbed.TestbedException;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Echo pods behind a Service, and a Job of load pods, in a namespace of a cluster. All that is made
 * carries the labels of {@link Settings}, and is deleted when this is closed.
 */
public final class KubernetesTestbed implements Testbed {
  private static final Duration START_LIMIT = Duration.ofMinutes(5);
  private static final Duration DELETE_LIMIT = Duration.ofMinutes(2);
  private static final long POLL_MS = 400;
  private static final int EVENTS_SHOWN = 5;
  private static final int LOG_LINES = 5;
  private static final String INDEX = "batch.kubernetes.io/job-completion-index";

  /** Reasons for which waiting longer is in vain. */
  private static final Set<String> HOPELESS =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "InvalidImageName",
          "CreateContainerConfigError",
          "CreateContainerError",
          "CrashLoopBackOff");

  private final KubernetesClient client;
  private final Settings settings;
  private final boolean ownNamespace;
  private final BiConsumer<String, String> events;
  private final List<Watch> watches = new ArrayList<>();
  private final Map<String, String> lastSaid = new ConcurrentHashMap<>();
  private final Set<String> deadClients = new HashSet<>();
  private final Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private String serviceIp = "";

  private KubernetesTestbed(
      KubernetesClient client,
      Settings settings,
      boolean ownNamespace,
      BiConsumer<String, String> events) {
    this.client = client;
    this.settings = settings;
    this.ownNamespace = ownNamespace;
    this.events = events;
  }

  /**
   * Makes everything and waits until all pods are ready and in the Service's EndpointSlices.
   *
   * @param events told of all that happens to pods and endpoints: what, and to whom
   * @throws TestbedException that says what was waited for and what the cluster says of it
   */
  public static KubernetesTestbed up(
      KubernetesClient client, Settings settings, BiConsumer<String, String> events) {
    boolean own =
        api(
                "read the namespace " + settings.namespace(),
                () -> client.namespaces().withName(settings.namespace()).get())
            == null;
    KubernetesTestbed testbed = new KubernetesTestbed(client, settings, own, events);
    try {
      testbed.make();
      return testbed;
    } catch (RuntimeException e) {
      boolean interrupted = Thread.interrupted();
      try {
        testbed.close();
      } catch (TestbedException second) {
        e.addSuppressed(second);
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
  }

  private void make() {
    String ns = settings.namespace();
    if (ownNamespace) {
      api(
          "make the namespace " + ns,
          () ->
              client
                  .resource(Manifests.namespace(settings, ns, "restricted", Owners.self()))
                  .create());
    }
    watch();
    serviceIp =
        api(
                "make the Service",
                () -> client.resource(Manifests.service(settings)).inNamespace(ns).create())
            .getSpec()
            .getClusterIP();
    api(
        "make the Deployment",
        () -> client.resource(Manifests.echo(settings)).inNamespace(ns).create());
    api("make the Job", () -> client.resource(Manifests.load(settings)).inNamespace(ns).create());
    awaitPods();
    await(settings.clients() + " load pods running", () -> clients().size() == settings.clients());
  }

  /** The address of the Service. */
  public String serviceIp() {
    return serviceIp;
  }

  /** The namespace. */
  public String namespace() {
    return settings.namespace();
  }

  @Override
  public List<Place> pods() {
    return found(Manifests.ECHO).stream()
        .filter(KubernetesTestbed::ready)
        .map(p -> place(p, Place.Role.POD))
        .sorted(Comparator.comparing(Place::name))
        .toList();
  }

  /** The running load pods, by index: {@code load-0} and on. */
  @Override
  public List<Place> clients() {
    return found(Manifests.LOAD).stream()
        .filter(p -> "Running".equals(p.getStatus().getPhase()))
        .filter(p -> !deadClients.contains(p.getMetadata().getName()))
        .sorted(
            Comparator.comparingInt(
                p -> Integer.parseInt(p.getMetadata().getAnnotations().getOrDefault(INDEX, "0"))))
        .map(p -> place(p, Place.Role.CLIENT))
        .toList();
  }

  private static Place place(Pod p, Place.Role role) {
    return new Place(
        p.getMetadata().getName(), role, p.getSpec().getNodeName(), p.getStatus().getPodIP(), "");
  }

  private List<Pod> found(String role) {
    return api(
        "list pods",
        () ->
            client
                .pods()
                .inNamespace(settings.namespace())
                .withLabel(Settings.RUN, settings.run())
                .withLabel(Settings.ROLE, role)
                .list()
                .getItems()
                .stream()
                .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
                .toList());
  }

  private static boolean ready(Pod p) {
    return p.getStatus().getPodIP() != null
        && p.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  /** The addresses that the Service's EndpointSlices call ready. */
  public Set<String> endpoints() {
    return api(
        "list EndpointSlices",
        () ->
            client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(settings.namespace())
                .withLabel("kubernetes.io/service-name", Manifests.ECHO)
                .list()
                .getItems()
                .stream()
                .flatMap(s -> readyOf(s).stream())
                .collect(Collectors.toSet()));
  }

  private static Set<String> readyOf(EndpointSlice slice) {
    return Stream.ofNullable(slice.getEndpoints())
        .flatMap(List::stream)
        .filter(e -> !Boolean.FALSE.equals(e.getConditions().getReady()))
        .flatMap(e -> e.getAddresses().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Waits until all echo pods are there: at first, and again after one was lost. */
  public List<Place> awaitPods() {
    await(
        settings.pods() + " echo pods ready and in the Service's EndpointSlices",
        () -> pods().size() == settings.pods() && endpoints().size() == settings.pods());
    return pods();
  }

  /** Waits for the pod that replaces a lost load pod. */
  public Place replacement(Place lost) {
    deadClients.add(lost.name());
    String index = lost.name().replaceFirst("^(load-\\d+)-.*$", "$1");
    await(
        "a load pod in place of " + lost.name(),
        () -> clients().stream().anyMatch(c -> c.name().startsWith(index + "-")));
    return clients().stream()
        .filter(c -> c.name().startsWith(index + "-"))
        .findFirst()
        .orElseThrow();
  }

  /** Takes hold of the main process of a pod. */
  public Process attach(Place pod, Path log) {
    return api(
        "attach to the pod " + pod.name(),
        () ->
            new PodProcess(
                client
                    .pods()
                    .inNamespace(settings.namespace())
                    .withName(pod.name())
                    .redirectingInput()
                    .redirectingOutput()
                    .redirectingError()
                    .attach(),
                log));
  }

  private void await(String what, Supplier<Boolean> there) {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (!there.get()) {
      Optional<String> hopeless = hopeless();
      if (hopeless.isPresent()) {
        throw new TestbedException(
            "waiting for " + what + " is in vain: " + hopeless.get() + events());
      }
      if (System.nanoTime() > end) {
        throw new TestbedException(
            "waited " + START_LIMIT.toSeconds() + " s for " + what + ": " + describe());
      }
      try {
        Thread.sleep(POLL_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TestbedException("interrupted while waiting for " + what, e);
      }
    }
  }

  /** Why waiting longer is in vain, if it is. */
  private Optional<String> hopeless() {
    for (String role : List.of(Manifests.ECHO, Manifests.LOAD)) {
      for (Pod pod : found(role)) {
        Optional<String> waiting =
            pod.getStatus().getContainerStatuses().stream()
                .filter(c -> c.getState() != null && c.getState().getWaiting() != null)
                .map(c -> c.getState().getWaiting())
                .filter(w -> HOPELESS.contains(w.getReason()))
                .map(w -> w.getReason() + (w.getMessage() == null ? "" : ": " + w.getMessage()))
                .findFirst();
        if (waiting.isPresent()) {
          return Optional.of(
              "pod "
                  + pod.getMetadata().getName()
                  + ": "
                  + waiting.get()
                  + lastLog(pod)
                  + (waiting.get().contains("Image")
                      ? "; mend: load or push the image (scripts/image.sh), or name another with --image"
                      : ""));
        }
      }
    }
    return warnings().stream()
        .filter(e -> "FailedCreate".equals(e.getReason()))
        .map(KubernetesTestbed::text)
        .findFirst();
  }

  /** Warnings about what this run made; a namespace that was there may hold others. */
  private List<Event> warnings() {
    return api(
        "list events",
        () ->
            client.v1().events().inNamespace(settings.namespace()).list().getItems().stream()
                .filter(e -> "Warning".equals(e.getType()))
                .filter(e ->
                    e.getInvolvedObject().getName().startsWith(Manifests.ECHO)
                        || e.getInvolvedObject().getName().startsWith(Manifests.LOAD))
                .filter(e ->
                    e.getLastTimestamp() == null
                        || !Instant.parse(e.getLastTimestamp()).isBefore(started))
                .toList());
  }

  private static String text(Event e) {
    return e.getInvolvedObject().getKind()
        + " "
        + e.getInvolvedObject().getName()
        + ": "
        + e.getReason()
        + ": "
        + e.getMessage();
  }

  /** What the cluster says of pods that are not ready. */
  private String describe() {
    List<String> lines = new ArrayList<>();
    for (String role : List.of(Manifests.ECHO, Manifests.LOAD)) {
      for (Pod pod : found(role)) {
        if (!ready(pod)) {
          lines.add(
              "pod "
                  + pod.getMetadata().getName()
                  + " is "
                  + pod.getStatus().getPhase()
                  + pod.getStatus().getConditions().stream()
                      .map(c -> c.getMessage())
                      .filter(Objects::nonNull)
                      .findFirst()
                      .map(m -> " (" + m + ")")
                      .orElse("")
                  + lastLog(pod));
        }
      }
    }
    return (lines.isEmpty() ? "the cluster says nothing of it" : String.join("; ", lines))
        + events();
  }

  /** The last warnings, each once. */
  private String events() {
    List<String> texts = warnings().stream().map(KubernetesTestbed::text).distinct().toList();
    return texts.isEmpty()
        ? ""
        : "; its events: "
            + String.join(
                "; ", texts.subList(Math.max(0, texts.size() - EVENTS_SHOWN), texts.size()));
  }

  private String lastLog(Pod pod) {
    try {
      String log =
          client
              .pods()
              .inNamespace(settings.namespace())
              .withName(pod.getMetadata().getName())
              .tailingLines(LOG_LINES)
              .getLog();
      return log == null || log.isBlank()
          ? ""
          : ", its last words: " + log.strip().lines().collect(Collectors.joining("; "));
    } catch (KubernetesClientException _) {
      return "";
    }
  }

  private void watch() {
    watches.add(
        api(
            "watch pods",
            () ->
                client
                    .pods()
                    .inNamespace(settings.namespace())
                    .withLabel(Settings.RUN, settings.run())
                    .watch(new Teller<>(p -> "pod " + p.getMetadata().getName(), this::state))));
    watches.add(
        api(
            "watch EndpointSlices",
            () ->
                client
                    .discovery()
                    .v1()
                    .endpointSlices()
                    .inNamespace(settings.namespace())
                    .withLabel("kubernetes.io/service-name", Manifests.ECHO)
                    .watch(
                        new Teller<>(
                            s -> "endpointslice " + s.getMetadata().getName(),
                            s -> readyOf(s).size() + " ready: " + String.join(" ", readyOf(s))))));
  }

  private String state(Pod pod) {
    String phase = pod.getStatus().getPhase().toLowerCase(Locale.ROOT);
    String node = pod.getSpec().getNodeName();
    return (pod.getMetadata().getDeletionTimestamp() != null
            ? "terminating"
            : ready(pod) ? "ready" : phase)
        + (node == null ? "" : " on " + node);
  }

  /** Tells of changes, each once. */
  private final class Teller<T> implements Watcher<T> {
    private final Function<T, String> who;
    private final Function<T, String> what;

    Teller(Function<T, String> who, Function<T, String> what) {
      this.who = who;
      this.what = what;
    }

    @Override
    public void eventReceived(Action action, T object) {
      if (action == Action.BOOKMARK || action == Action.ERROR) {
        return;
      }
      String state = action == Action.DELETED ? "deleted" : what.apply(object);
      String name = who.apply(object);
      if (!state.equals(lastSaid.put(name, state))) {
        int space = name.indexOf(' ');
        events.accept(name.substring(0, space), name.substring(space + 1) + " " + state);
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      events.accept("watch-lost", String.valueOf(cause.getMessage()));
    }
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
    watches.clear();
    String ns = settings.namespace();
    if (ownNamespace) {
      if (settings.disposable()) {
        Owners.beginDeletion(client, ns);
      } else {
        Owners.deleteNamespace(client, ns, DELETE_LIMIT);
      }
      return;
    }
    api(
        "delete what the run made",
        () -> {
          client
              .batch()
              .v1()
              .jobs()
              .inNamespace(ns)
              .withLabel(Settings.RUN, settings.run())
              .delete();
          client
              .apps()
              .deployments()
              .inNamespace(ns)
              .withLabel(Settings.RUN, settings.run())
              .delete();
          client.services().inNamespace(ns).withLabel(Settings.RUN, settings.run()).delete();
          client
              .pods()
              .inNamespace(ns)
              .withLabel(Settings.RUN, settings.run())
              .withGracePeriod(0)
              .delete();
          return null;
        });
  }

  /** Does something with the API; what is refused says what was to be done, and the mend. */
  static <T> T api(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (KubernetesClientException e) {
      String why =
          Optional.ofNullable(e.getStatus())
              .map(s -> s.getMessage())
              .orElse(String.valueOf(e.getMessage()));
      String mend =
          switch (e.getCode()) {
            case 401 -> "; mend: log in to the cluster again";
            case 403 ->
                why.contains("exceeded quota")
                    ? "; mend: raise the quota, or ask for fewer pods"
                    : "; mend: ask for this right (`testbed rbac` prints the Role that is needed)";
            case 0 -> "; mend: see that the cluster is reachable: kubectl get --raw /version";
            default -> "";
          };
      throw new TestbedException("cannot " + what + ": " + why + mend, e);
    }
  }
}
