package dev.conntrail.calibration;

import dev.conntrail.agent.TimerPlan;
import dev.conntrail.dataplane.Endpoint;
import dev.conntrail.dataplane.NodeProxy;
import dev.conntrail.dataplane.ServicePort;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.OtherWork;
import dev.conntrail.result.row.Target;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.TestbedSize;
import dev.conntrail.testbed.UmlGuest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Measures, on the testbed netns, what the place of a Service among others costs a connection. For
 * each load a testbed is made anew, the rules of kube-proxy are loaded, and a process in an empty
 * namespace times connects: to the first Service, to the last, to any of them drawn at random, to
 * the first again (what remains of that difference is the method's own error), and straight to a
 * pod, which no rule names.
 */
public final class Calibration {
  private static final int PODS = 3;
  private static final int PORT = 80;
  private static final int TARGET_PORT = 8080;
  private static final int FIRST_HOST = 10;
  private static final int WARMUP = 150;

  /** Seconds that conntrack keeps a connection that was reset: as the kernel has it. */
  private static final String CLOSE_TIMEOUT = "10";

  private Calibration() {}

  /**
   * Measures loads of rules in this kernel, one after the other.
   *
   * @param run the run's name, which all rows carry
   * @param progress is told each load before it is made, and nothing else
   */
  public static List<KernelRow> run(
      String run,
      List<CalibrationPlan.Point> loads,
      CalibrationPlan.Effort effort,
      Consumer<String> progress) {
    List<KernelRow> rows = new ArrayList<>();
    try (TimerProcess timer = TimerProcess.start()) {
      for (CalibrationPlan.Point point : loads) {
        int load = rows.isEmpty() ? 1 : rows.getLast().load() + 1;
        progress.accept("calibrate: load " + load + " of " + loads.size() + ": " + point.title());
        rows.addAll(measure(run, load, point, effort, timer));
      }
    }
    return rows;
  }

  private static List<KernelRow> measure(
      String run,
      int load,
      CalibrationPlan.Point point,
      CalibrationPlan.Effort effort,
      TimerProcess timer) {
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
              new NodeProxy.Kind(
                  point.lookup().plane(),
                  point.lookup().backend().orElse(IptablesBackend.AUTO),
                  IpvsScheduler.RR),
              NodeProxy.Setup.on(
                  testbed,
                  testbed.node(),
                  point.lookup().kubeProxy().orElse(KubeProxy.DEFAULT),
                  order(point)))
          .start(services);
      MachineUse before = MachineUse.now();
      List<TimerPlan.Timed> timed = timer.time(plan(load, effort, testbed, services));
      OtherWork beside = MachineUse.now().since(before);
      return timed.stream().map(t -> row(run, load, point, beside, t)).toList();
    }
  }

  private static KernelRow row(
      String run, int load, CalibrationPlan.Point point, OtherWork beside, TimerPlan.Timed timed) {
    return new KernelRow(
        run,
        UmlGuest.inside() ? TestbedKind.UML : TestbedKind.NETNS,
        new KernelRow.Rules(
            point.lookup().plane(),
            point.lookup().backend(),
            Optional.of(IpvsScheduler.RR).filter(_ -> point.lookup().ipvs()),
            point.lookup().kubeProxy(),
            point.services(),
            PODS),
        load,
        beside,
        timed.round(),
        timed.packet(),
        timed.target(),
        timed.samples(),
        new KernelRow.CallTimes(
            timed.clockNs(), timed.minNs(), timed.p25Ns(), timed.p50Ns(), timed.pairedP50Ns()));
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
    if (!point.lookup().backend().equals(Optional.of(IptablesBackend.NFT))) {
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

  private static TimerPlan plan(
      int load, CalibrationPlan.Effort effort, NetnsTestbed testbed, List<ServicePort> services) {
    Place pod = testbed.pods().getFirst();
    List<String> all = services.stream().map(ServicePort::clusterIp).toList();
    return new TimerPlan(
        load,
        Programs.lastCpu(),
        testbed.clients().getFirst().netnsFile(),
        testbed.pods().stream()
            .map(p -> new TimerPlan.Server(p.netnsFile(), p.address(), TARGET_PORT))
            .toList(),
        List.of(
            new TimerPlan.Aim(Target.FIRST, List.of(all.getFirst()), PORT),
            new TimerPlan.Aim(Target.LAST, List.of(all.getLast()), PORT),
            new TimerPlan.Aim(Target.ANY, all, PORT),
            new TimerPlan.Aim(Target.FIRST_AGAIN, List.of(all.getFirst()), PORT),
            new TimerPlan.Aim(Target.POD, List.of(pod.address()), TARGET_PORT)),
        effort.rounds(),
        effort.connects(),
        WARMUP);
  }
}
