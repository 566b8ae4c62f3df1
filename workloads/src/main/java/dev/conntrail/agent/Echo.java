package dev.conntrail.agent;

import dev.conntrail.posix.ProcessUse;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.spec.Protocol;
import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.KubernetesTestbed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The backends of all pods. On a testbed of this machine one process serves them all, or a few do
 * where they have more connections than one may open files; on a cluster each pod has a process of
 * its own.
 */
public final class Echo implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(30);

  /**
   * What the pods counted since the last time.
   *
   * @param connections a row each
   * @param heard pods that ended, and said first what they had counted
   * @param lost pods that ended and took their counts with them
   */
  public record Counted(List<EchoCount> connections, Set<String> heard, Set<String> lost) {}

  private final Transport transport;
  private final Path folder;
  private final List<EchoProcess> held = new CopyOnWriteArrayList<>();
  private Cure cure = Cure.NONE;

  private Echo(Transport transport, Path folder) {
    this.transport = transport;
    this.folder = folder;
  }

  /**
   * Starts the processes, which have the pods in turn, and waits until every pod listens.
   *
   * @param processes how many
   * @param delay of each answer; zero for at once
   */
  public static Echo on(LocalTestbed testbed, int processes, Duration delay, Path folder)
      throws IOException {
    Echo echo = new Echo(new Transport.Children(testbed), folder);
    try {
      for (int i = 0; i < processes; i++) {
        int number = i;
        List<Place> pods =
            IntStream.range(0, testbed.pods().size())
                .filter(p -> p % processes == number)
                .mapToObj(testbed.pods()::get)
                .toList();
        String which = processes == 1 ? "" : "-" + (i + 1);
        echo.hold(
            "the echo process" + which,
            "echo" + which,
            testbed.echoPlace(),
            pods,
            pods.stream().map(p -> EchoProcess.asked(p, delay)).toList());
      }
      return echo;
    } catch (IOException | RuntimeException e) {
      echo.close();
      throw e;
    }
  }

  /**
   * Takes hold of the pods of a cluster.
   *
   * @param pods that are there
   */
  public static Echo on(KubernetesTestbed testbed, List<Place> pods, Path folder)
      throws IOException {
    Echo echo = new Echo(new Transport.Pods(testbed), folder);
    try {
      echo.refresh(pods);
      return echo;
    } catch (IOException | RuntimeException e) {
      echo.close();
      throw e;
    }
  }

  /** Lets go of pods of a cluster that are not there any more, and takes hold of new ones. */
  public void refresh(List<Place> now) throws IOException {
    for (EchoProcess one : List.copyOf(held)) {
      if (!one.remote().alive() || !now.contains(one.pods().getFirst().place())) {
        held.remove(one);
        one.remote().close();
      }
    }
    for (Place pod : now) {
      hold(pod);
    }
  }

  /** Takes hold of a pod of a cluster, unless it is held already; it does its part of the cure. */
  public void hold(Place pod) throws IOException {
    if (!pods().contains(pod)) {
      hold("the echo of pod " + pod.name(), pod.name(), pod, List.of(pod), List.of());
      if (cure.byServer().isPresent()) {
        recycle(List.of(pod));
      }
    }
  }

  /** Waits until the process of a pod was told to end, or has ended; whether it was told. */
  public boolean awaitTold(Place pod) throws InterruptedException {
    return remote(pod).awaitTold();
  }

  /** Waits until the process of a pod has ended. */
  public void awaitEnd(Place pod) throws InterruptedException {
    remote(pod).awaitEnd();
  }

  private Remote remote(Place pod) {
    return held.stream()
        .filter(h -> h.pods().stream().anyMatch(p -> p.place().equals(pod)))
        .map(EchoProcess::remote)
        .findFirst()
        .orElseThrow(() -> new TestbedException("the pod " + pod.name() + " is not held"));
  }

  private void hold(String name, String log, Place at, List<Place> pods, List<EchoPod> asked)
      throws IOException {
    Wire wire = transport.reach(Role.ECHO, at, false, folder.resolve(log + ".log")).wire();
    held.add(EchoProcess.of(Remote.start(name, wire), pods, asked));
  }

  /** In order of the testbed, whichever process has them. */
  private List<EchoProcess.Served> served() {
    Stream<EchoProcess.Served> all = held.stream().flatMap(h -> h.pods().stream());
    return (transport instanceof Transport.Children(LocalTestbed testbed)
            ? all.sorted(Comparator.comparingInt(s -> testbed.pods().indexOf(s.place())))
            : all)
        .toList();
  }

  /** The pods. */
  public List<Place> pods() {
    return served().stream().map(EchoProcess.Served::place).toList();
  }

  /** Where a protocol is spoken by each pod, {@code ip:port}, in order of the testbed. */
  public List<String> addresses(Protocol protocol) {
    return served().stream().map(p -> p.address(protocol)).toList();
  }

  /**
   * Asks the pods what they counted. A pod of a cluster that has ended said so before, or is lost;
   * where one process serves all, that is an error.
   *
   * @throws TestbedException if the process that serves all of them cannot say
   */
  public Counted take() throws IOException {
    List<EchoCount> rows = new ArrayList<>();
    Set<String> heard = new LinkedHashSet<>();
    Set<String> lost = new LinkedHashSet<>();
    for (EchoProcess one : held) {
      if (!answers(one, rows)) {
        Optional<Answer.Files> last = one.remote().lastWords(LIMIT);
        if (last.isPresent()) {
          rows.addAll(EchoProcess.counts(last.get(), folder));
        }
        Set<String> which = last.isPresent() ? heard : lost;
        one.names().forEach(which::add);
        one.remote().close();
      }
    }
    return new Counted(rows, heard, lost);
  }

  /** Whether a process says all that it has counted, and is not about to end and say the rest. */
  private boolean answers(EchoProcess one, List<EchoCount> rows) throws IOException {
    try {
      rows.addAll(one.counts(folder));
      return !one.remote().told();
    } catch (TestbedException e) {
      if (transport instanceof Transport.Children) {
        throw e;
      }
      return false;
    }
  }

  /** What their processes have had of the machine; without those that cannot say. */
  public List<ProcessReading> use() {
    List<ProcessReading> readings = new ArrayList<>();
    for (EchoProcess one : held) {
      String name = name(one);
      try {
        ProcessUse use = one.remote().ask(new Order.Use(), Answer.Used.class, LIMIT).use();
        readings.add(new ProcessReading(name, one.pods().size(), use));
      } catch (TestbedException _) {
        // whoever asks it for its counts says so
      }
    }
    return readings;
  }

  private String name(EchoProcess one) {
    if (one.pods().size() == 1) {
      return one.pods().getFirst().place().name();
    }
    return held.size() == 1 ? "pods" : "pods-" + (held.indexOf(one) + 1);
  }

  /** Stalls pods for a time, as a stop-the-world pause does; then they go on where they were. */
  public void pause(Collection<Place> pods, Duration time) {
    change(pods, of -> new Order.Pause(of, time));
  }

  /**
   * Makes each answer of pods later from now on, in order on a connection.
   *
   * @param delay beside that of all pods; zero takes it away
   * @param cpu that each answer takes of the pod's one processor, so that answers wait for each
   *     other; zero takes it away
   */
  public void slow(Collection<Place> pods, Duration delay, Duration cpu) {
    change(pods, of -> new Order.Slow(of, delay, cpu));
  }

  /**
   * Ends the processes of pods; how many connections each has left.
   *
   * @throws TestbedException if one has ended already, and is not to end at once
   */
  public Map<String, Integer> stop(Collection<Place> pods, PodEnding ending) {
    return change(pods, of -> new Order.Stop(of, ending));
  }

  /** How many connections pods have open, by their names. */
  public Map<String, Integer> open(Collection<Place> pods) {
    return change(pods, Order.Open::new);
  }

  /** Starts pods as new processes: they listen, and are neither paused nor slow. */
  public void start(Collection<Place> pods) {
    change(pods, Order.Start::new);
  }

  /** All pods, and those that are held later, do their part of a cure from now on. */
  public void cure(Cure now) {
    boolean other = !now.byServer().equals(cure.byServer());
    cure = now;
    if (other) {
      recycle(pods());
    }
  }

  private void recycle(Collection<Place> pods) {
    change(pods, of -> new Order.Recycle(of, cure));
  }

  /** Each process is told of its own pods. */
  private Map<String, Integer> change(
      Collection<Place> pods, Function<List<String>, Order.OfPods> order) {
    List<String> names = pods.stream().map(Place::name).toList();
    Map<String, Integer> open = new LinkedHashMap<>();
    for (EchoProcess one : held) {
      List<String> own = one.names().filter(names::contains).toList();
      if (!own.isEmpty()) {
        open.putAll(one.remote().ask(order.apply(own), Answer.Open.class, LIMIT).connections());
      }
    }
    if (!open.keySet().containsAll(names)) {
      throw new TestbedException("found pods " + names + "; served are " + open.keySet());
    }
    return open;
  }

  @Override
  public void close() {
    held.forEach(h -> h.remote().close());
  }
}
