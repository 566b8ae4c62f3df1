package dev.conntrail.experiment;

import dev.conntrail.dataplane.Endpoint;
import dev.conntrail.dataplane.ProxyConfig;
import dev.conntrail.dataplane.RuleInstaller;
import dev.conntrail.dataplane.ServicePort;
import dev.conntrail.result.Rows;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The stage on this machine's own kernel: the run loads the rules and removes them. */
final class LocalStage implements Stage {
  /** The cluster IP of the Service under test. */
  static final String SERVICE_IP = "10.96.0.10";

  private static final int HTTP_SERVICE_PORT = 80;
  private static final int GRPC_SERVICE_PORT = 9090;

  private final LocalTestbed testbed;
  private final UnaryOperator<String> edit;
  private final RuleInstaller installer;
  private final EchoProcess echo;
  private final LoadProcesses load;

  private LocalStage(
      LocalTestbed testbed, UnaryOperator<String> edit, EchoProcess echo, LoadProcesses load) {
    this.testbed = testbed;
    this.edit = edit;
    this.installer = new RuleInstaller(testbed);
    this.echo = echo;
    this.load = load;
  }

  /**
   * Starts echo and load on a testbed, which is closed with the stage, or at once if that fails.
   *
   * @param edit applied to rule text before it is loaded
   */
  static LocalStage open(
      LocalTestbed testbed, UnaryOperator<String> edit, Path folder, Cancellation cancellation)
      throws IOException {
    EchoProcess echo = null;
    try {
      echo = EchoProcess.start(testbed, folder);
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
      return new LocalStage(testbed, edit, echo, load);
    } catch (IOException | RuntimeException e) {
      if (echo != null) {
        echo.close();
      }
      testbed.close();
      throw e;
    }
  }

  @Override
  public List<Place> pods() {
    return testbed.pods();
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
  public Service service(Cell cell) {
    RuleInstaller.Installed installed =
        installer.install(
            cell.dataPlane(), cell.backend(), services(testbed), ProxyConfig.on(testbed), edit);
    return new LoadedService(cell, installed);
  }

  @Override
  public void close() {
    Stage.close(load, echo, testbed);
  }

  /** The Service under test, with a port for HTTP and one for gRPC. */
  private static List<ServicePort> services(LocalTestbed testbed) {
    return List.of(
        port(testbed, "http", HTTP_SERVICE_PORT, Echo.HTTP_PORT),
        port(testbed, "grpc", GRPC_SERVICE_PORT, Echo.GRPC_PORT));
  }

  private static ServicePort port(LocalTestbed testbed, String name, int port, int targetPort) {
    List<Endpoint> endpoints =
        testbed.pods().stream()
            .map(p -> Endpoint.ready(p.address(), targetPort, p.node()))
            .toList();
    return new ServicePort(
        "default",
        "echo",
        name,
        "TCP",
        SERVICE_IP,
        port,
        0,
        List.of(),
        List.of(),
        List.of(),
        0,
        0,
        false,
        false,
        endpoints);
  }

  /** Rules that were loaded for one repetition. */
  private final class LoadedService implements Service {
    private final Cell cell;
    private final RuleInstaller.Installed installed;
    private final String dump;
    private boolean removed;

    LoadedService(Cell cell, RuleInstaller.Installed installed) {
      this.cell = cell;
      this.installed = installed;
      this.dump = installer.dump(installed);
      if (testbed instanceof NetnsTestbed) {
        installer.flushConnections();
      }
    }

    @Override
    public List<String> targets() {
      return cell.dataPlane() == DataPlane.DIRECT
          ? echo.addresses(cell.protocol())
          : List.of(
              SERVICE_IP
                  + ":"
                  + (Echo.grpc(cell.protocol()) ? GRPC_SERVICE_PORT : HTTP_SERVICE_PORT));
    }

    @Override
    public String rules() {
      return cell.dataPlane() == DataPlane.DIRECT
          ? ""
          : "# loaded\n" + installed.text() + "\n# as the kernel lists it\n" + dump;
    }

    @Override
    public String rulesName() {
      return cell.dataPlane() == DataPlane.DIRECT
          ? ""
          : cell.dataPlane().word() + " " + installed.backend() + " " + cell.pods() + " pods";
    }

    @Override
    public Optional<KernelView> kernel() {
      return testbed instanceof NetnsTestbed
          ? Optional.of(new KernelView(installer.connections(), "", Double.MAX_VALUE))
          : Optional.empty();
    }

    @Override
    public Rows.Install remove(String id, int repetition) {
      removed = true;
      double removeMs = installer.remove(installed);
      return new Rows.Install(
          id,
          repetition,
          cell.dataPlane().word(),
          installed.backend(),
          installed.tool(),
          installed.rules(),
          installed.loadMs(),
          removeMs,
          installed.sha256());
    }

    @Override
    public void close() {
      if (!removed) {
        installer.remove(installed);
      }
    }
  }
}
