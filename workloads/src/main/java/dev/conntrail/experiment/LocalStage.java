package dev.conntrail.experiment;

import dev.conntrail.dataplane.NodeProxy;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.KubeProxy;
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
  private final EchoProcess echo;
  private final LoadProcesses load;

  private LocalStage(LocalTestbed testbed, EchoProcess echo, LoadProcesses load) {
    this.testbed = testbed;
    this.echo = echo;
    this.load = load;
  }

  /**
   * Starts echo and load on a testbed, which is closed with the stage, or at once if that fails.
   *
   * @param echoDelay of each answer; zero for at once
   */
  static LocalStage open(
      LocalTestbed testbed, Duration echoDelay, Path folder, Cancellation cancellation)
      throws IOException {
    EchoProcess echo = null;
    try {
      echo = EchoProcess.start(testbed, echoDelay, folder);
      LoadProcesses load =
          new LoadProcesses(
              testbed.clients(),
              (client, _, log) ->
                  new LoadProcesses.Started(
                      client,
                      testbed.start(
                          client, JavaProcesses.command(List.of("load", "--orders")), log)),
              true,
              folder,
              cancellation);
      return new LocalStage(testbed, echo, load);
    } catch (IOException | RuntimeException e) {
      if (echo != null) {
        echo.close();
      }
      testbed.close();
      throw e;
    }
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
    return echo;
  }

  @Override
  public LoadProcesses load() {
    return load;
  }

  @Override
  public Service service(Cell cell, UnaryOperator<String> edit) {
    LoadedService service =
        new LoadedService(
            testbed,
            echo,
            cell,
            mode ->
                testbed.nodes().stream()
                    .map(node ->
                        NodeProxy.of(
                            new NodeProxy.Kind(mode, cell.backend(), cell.scheduler()),
                            NodeProxy.Setup.on(testbed, node, KubeProxy.V1_34, edit)))
                    .toList());
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
    Stage.close(load, echo, testbed);
  }
}
