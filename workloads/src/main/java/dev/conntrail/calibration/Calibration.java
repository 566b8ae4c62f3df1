package dev.conntrail.calibration;

import dev.conntrail.dataplane.Endpoint;
import dev.conntrail.dataplane.NodeProxy;
import dev.conntrail.dataplane.ServicePort;
import dev.conntrail.experiment.JavaProcesses;
import dev.conntrail.result.Json;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Target;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.TestbedSize;
import dev.conntrail.testbed.UmlGuest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures, on the testbed netns, what the place of a Service among others costs a connection. For
 * each point a testbed is made anew, the rules of kube-proxy are loaded, and a process in an empty
 * namespace times connects: to the first Service, to the last, to the first again (what remains of
 * that difference is the method's own error), and straight to a pod, which no rule names.
 */
public final class Calibration {
  private static final int PODS = 3;
  private static final int PORT = 80;
  private static final int TARGET_PORT = 8080;
  private static final int FIRST_HOST = 10;
  private static final int WARMUP = 300;

  /** Seconds that conntrack keeps a connection that was reset: as the kernel has it. */
  private static final String CLOSE_TIMEOUT = "10";

  private Calibration() {}

  /**
   * Measures all points of a plan.
   *
   * @param run the run's name, which all rows carry
   * @param progress is told each point before it is measured
   */
  public static List<KernelRow> run(String run, CalibrationPlan plan, Consumer<String> progress) {
    List<KernelRow> rows = new ArrayList<>();
    for (CalibrationPlan.Point point : plan.points()) {
      progress.accept(point.title());
      rows.addAll(measure(run, plan, point));
    }
    return rows;
  }

  private static List<KernelRow> measure(
      String run, CalibrationPlan plan, CalibrationPlan.Point point) {
    try (NetnsTestbed testbed =
        NetnsTestbed.up(TestbedRegistry.newRun(), new TestbedSize(PODS, 1, 1), false)) {
      testbed.run(
          testbed.node(),
          List.of(
              "sh",
              "-c",
              "echo "
                  + CLOSE_TIMEOUT
                  + " > /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close"),
          "",
          Programs.SHORT);
      List<ServicePort> services = services(testbed, point.services());
      NodeProxy.of(
              new NodeProxy.Kind(point.plane(), point.backend(), IpvsScheduler.RR),
              NodeProxy.Setup.on(testbed, testbed.node(), order(point)))
          .start(services);
      String answer =
          testbed.run(
              testbed.echoPlace(),
              JavaProcesses.command(List.of("calibrate", "--timer")),
              Json.text(timer(plan, testbed, services)),
              Programs.LONG);
      return answer
          .lines()
          .map(line -> Json.parse(line, TimerPlan.Timed.class))
          .map(t -> row(run, point, t))
          .toList();
    }
  }

  private static KernelRow row(String run, CalibrationPlan.Point point, TimerPlan.Timed timed) {
    return new KernelRow(
        run,
        UmlGuest.inside() ? TestbedKind.UML : TestbedKind.NETNS,
        point.plane(),
        Optional.of(point.backend()).filter(_ -> point.plane() == DataPlane.IPTABLES),
        Optional.of(IpvsScheduler.RR).filter(_ -> point.plane() == DataPlane.IPVS),
        point.services(),
        timed.round(),
        timed.packet(),
        timed.target(),
        timed.samples(),
        timed.minNs(),
        timed.p25Ns(),
        timed.p50Ns(),
        timed.pairedP50Ns());
  }

  /** Services at addresses one after the other, all with the same endpoints. */
  private static List<ServicePort> services(NetnsTestbed testbed, int count) {
    List<Endpoint> endpoints =
        testbed.pods().stream()
            .map(p -> Endpoint.ready(p.address(), TARGET_PORT, p.node()))
            .toList();
    List<ServicePort> services = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int host = FIRST_HOST + i;
      services.add(
          ServicePort.clusterIp(
              "default", "svc-" + i, "10.96." + (host >> 8) + "." + (host & 255), PORT, endpoints));
    }
    return services;
  }

  /**
   * iptables-nft 1.8 sorts chains into a list as it reads them, which takes the square of their
   * number unless they come in descending order. The rules are the same.
   */
  private static UnaryOperator<String> order(CalibrationPlan.Point point) {
    if (point.plane() != DataPlane.IPTABLES || point.backend() != IptablesBackend.NFT) {
      return UnaryOperator.identity();
    }
    return text -> {
      List<String> lines = new ArrayList<>();
      List<String> chains = new ArrayList<>();
      for (String line : text.lines().toList()) {
        if (line.startsWith(":")) {
          chains.add(line);
        } else {
          chains.sort(Comparator.reverseOrder());
          lines.addAll(chains);
          chains.clear();
          lines.add(line);
        }
      }
      return String.join("\n", lines) + "\n";
    };
  }

  private static TimerPlan timer(
      CalibrationPlan plan, NetnsTestbed testbed, List<ServicePort> services) {
    Place pod = testbed.pods().getFirst();
    String first = services.getFirst().clusterIp();
    return new TimerPlan(
        Programs.lastCpu(),
        testbed.clients().getFirst().netnsFile(),
        testbed.pods().stream()
            .map(p -> new TimerPlan.Server(p.netnsFile(), p.address(), TARGET_PORT))
            .toList(),
        List.of(
            new TimerPlan.Aim(Target.FIRST, first, PORT),
            new TimerPlan.Aim(Target.LAST, services.getLast().clusterIp(), PORT),
            new TimerPlan.Aim(Target.FIRST_AGAIN, first, PORT),
            new TimerPlan.Aim(Target.POD, pod.address(), TARGET_PORT)),
        plan.rounds(),
        plan.connects(),
        WARMUP);
  }

  /**
   * The process that times: a plan on standard input, a line for each figure on standard output.
   */
  public static void time(String plan, Consumer<String> out) throws IOException {
    ConnectTimer.run(Json.parse(plan, TimerPlan.class), timed -> out.accept(Json.line(timed)));
  }

  /** The rows, with those of another testbed or data plane that are there already. */
  public static List<KernelRow> beside(List<KernelRow> rows, List<KernelRow> there) {
    record Measured(TestbedKind testbed, DataPlane plane) {}
    Set<Measured> measured =
        rows.stream()
            .map(r -> new Measured(r.testbed(), r.dataPlane()))
            .collect(Collectors.toSet());
    return Stream.concat(
            rows.stream(),
            there.stream()
                .filter(r -> !measured.contains(new Measured(r.testbed(), r.dataPlane()))))
        .toList();
  }
}
