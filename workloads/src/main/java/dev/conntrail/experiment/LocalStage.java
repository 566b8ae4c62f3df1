package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.agent.Load;
import dev.conntrail.agent.Transport;
import dev.conntrail.dataplane.NodeProxy;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** The stage on this machine's own kernel: the run loads the rules and removes them. */
final class LocalStage implements Stage {
  private final LocalTestbed testbed;
  private final StageProcesses processes;
  private final Path folder;
  private final Cancellation.Handle draining;

  private LocalStage(
      LocalTestbed testbed, StageProcesses processes, Path folder, Cancellation cancellation) {
    this.testbed = testbed;
    this.processes = processes;
    this.folder = folder;
    this.draining = cancellation.onCancel(processes.load()::drain);
  }

  /**
   * How pods are served.
   *
   * @param processes that serve them
   * @param delay of each answer; zero for at once
   */
  record Backends(int processes, Duration delay) {}

  /**
   * Starts echo and load on a testbed, which is closed with the stage, or at once if that fails.
   */
  static LocalStage open(
      LocalTestbed testbed, Backends backends, Path folder, Cancellation cancellation)
      throws IOException {
    return new LocalStage(
        testbed,
        StageProcesses.of(
            testbed,
            new Transport.Children(testbed),
            () -> Echo.on(testbed, backends.processes(), backends.delay(), folder),
            folder),
        folder,
        cancellation);
  }

  @Override
  public List<Place> pods(Cell cell) {
    return testbed.pods().subList(0, cell.everPods());
  }

  @Override
  public List<Place> clients() {
    return testbed.clients();
  }

  @Override
  public Echo echo() {
    return processes.echo();
  }

  @Override
  public Load load() {
    return processes.load();
  }

  /** A kube-proxy has one backend, and that of mode ipvs is legacy here. */
  private static IptablesBackend backend(Cell cell) {
    boolean legacy =
        cell.course().modes(cell.dataPlane()).stream().anyMatch(DataPlane::legacyIptables);
    return legacy && cell.backend() == IptablesBackend.AUTO
        ? IptablesBackend.LEGACY
        : cell.backend();
  }

  @Override
  public Service service(Cell cell, UnaryOperator<String> edit) {
    LoadedService service =
        new LoadedService(
            testbed,
            processes.echo(),
            processes.load(),
            cell,
            mode ->
                testbed.nodes().stream()
                    .map(node ->
                        NodeProxy.of(
                            new NodeProxy.Kind(mode, backend(cell), cell.scheduler()),
                            NodeProxy.Setup.on(testbed, node, cell.kubeProxy(), edit)))
                    .toList(),
            new ProxiedPods(cell, processes.proxies()),
            new NamedPods(testbed, cell, folder));
    try {
      service.load();
      return service;
    } catch (RuntimeException e) {
      service.close();
      throw e;
    }
  }

  @Override
  public void close() {
    draining.close();
    processes.close();
  }
}
