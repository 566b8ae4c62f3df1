package dev.conntrail.experiment;

import dev.conntrail.result.Csv;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.FolderZip;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.spec.Protocol;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.KubernetesTestbed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** The backends of a cluster: each pod has a process of its own. */
final class PodEchoes implements Echo {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String REMOTE = "/tmp/conntrail/echo";

  private final KubernetesTestbed testbed;
  private final Path folder;
  private final Map<Place, OrderedProcess> processes =
      Collections.synchronizedMap(new LinkedHashMap<>());

  PodEchoes(KubernetesTestbed testbed, Path folder) {
    this.testbed = testbed;
    this.folder = folder;
    refresh();
  }

  /** Waits for pods in place of those that were lost, and takes hold of them. */
  void refresh() {
    List<Place> now = testbed.awaitPods();
    for (Place pod : List.copyOf(processes.keySet())) {
      if (!now.contains(pod) || !processes.get(pod).alive()) {
        processes.remove(pod).close();
      }
    }
    now.forEach(this::hold);
  }

  /** Takes hold of a pod, unless it is held already. */
  void hold(Place pod) {
    if (!processes.containsKey(pod)) {
      Path log = folder.resolve(pod.name() + ".log");
      processes.put(
          pod,
          OrderedProcess.start("the echo of pod " + pod.name(), testbed.attach(pod, log), log));
    }
  }

  /** The process of a pod that is held. */
  OrderedProcess process(Place pod) {
    return processes.get(pod);
  }

  /** The pods that are held. */
  List<Place> pods() {
    return List.copyOf(processes.keySet());
  }

  @Override
  public List<String> addresses(Protocol protocol) {
    int port = Echo.grpc(protocol) ? GRPC_PORT : HTTP_PORT;
    return processes.keySet().stream().map(p -> p.address() + ":" + port).toList();
  }

  @Override
  public Counted take(Path file) throws IOException {
    List<EchoCount> rows = new ArrayList<>();
    Set<String> lost = new LinkedHashSet<>();
    for (Map.Entry<Place, OrderedProcess> e : processes.entrySet()) {
      String pod = e.getKey().name();
      Path own = file.resolveSibling("echo-" + pod);
      try {
        e.getValue().ask("take " + REMOTE + "/echo.csv", LIMIT);
        rows.addAll(counts(e.getValue().ask("get " + REMOTE, LIMIT), own));
      } catch (TestbedException _) {
        Optional<List<EchoCount>> last = lastWords(e.getValue(), own);
        last.ifPresentOrElse(rows::addAll, () -> lost.add(pod));
        e.getValue().close();
      }
    }
    Csv.write(file, EchoCount.class, rows);
    return new Counted(file, rows, lost);
  }

  private static List<EchoCount> counts(String zip, Path own) throws IOException {
    FolderZip.unpack(Base64.getDecoder().decode(zip), own);
    List<EchoCount> rows = Csv.read(own.resolve("echo.csv"), EchoCount.class);
    FileTrees.delete(own);
    return rows;
  }

  /** What a pod said that was told to end, and has ended. */
  private static Optional<List<EchoCount>> lastWords(OrderedProcess ended, Path own)
      throws IOException {
    try {
      Optional<String> zip = ended.awaitLastWords(Duration.ZERO);
      return zip.isEmpty() ? Optional.empty() : Optional.of(counts(zip.get(), own));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while pods were asked what they counted", e);
    }
  }

  @Override
  public void close() {
    processes.values().forEach(OrderedProcess::close);
  }
}
