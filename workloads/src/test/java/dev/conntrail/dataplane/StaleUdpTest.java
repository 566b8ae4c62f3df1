package dev.conntrail.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.TestbedSize;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A UDP entry ends with its endpoint, a TCP entry does not. */
class StaleUdpTest {
  private static final String IP = "10.96.0.20";
  private static final int DATAGRAMS = 24;

  private static ServicePort service(String protocol, int nodePort, Stream<Endpoint> endpoints) {
    return new ServicePort(
        "default",
        "dns",
        protocol.toLowerCase(java.util.Locale.ROOT),
        protocol,
        IP,
        53,
        nodePort,
        List.of(),
        List.of(),
        List.of(),
        0,
        0,
        false,
        false,
        endpoints.toList());
  }

  private static String entry(String to, int port, String from) {
    return "udp      17 29 src=10.244.9.1 dst=%s sport=40000 dport=%d [UNREPLIED] src=%s dst=10.244.9.1 sport=53 dport=40000 mark=0 use=1"
        .formatted(to, port, from);
  }

  private static List<String> deleted(ServicePort service, String... entries) {
    return new StaleUdp(List.of(service))
        .deletions(String.join("\n", entries)).stream().map(d -> String.join(" ", d)).toList();
  }

  @Test
  void whatLeadsToWhoServesNoMoreIsDeletedByWhereItWasSentTo() {
    Endpoint ready = Endpoint.ready("10.244.1.1", 53, "node-1");
    Endpoint ending = Endpoint.terminating("10.244.1.2", 53, "node-1");
    ServicePort service = service("UDP", 30053, Stream.of(ready, ending));
    assertThat(
            deleted(
                service,
                entry(IP, 53, "10.244.1.1"),
                entry(IP, 53, "10.244.1.2"),
                entry(IP, 53, "10.244.1.3"),
                entry(IP, 53, "10.244.1.3"),
                entry(IP, 54, "10.244.1.3"),
                entry("10.96.0.21", 53, "10.244.1.3"),
                entry("10.1.0.1", 30053, "10.244.1.3")))
        .containsExactly(
            "conntrack -D -p udp --orig-port-dst 30053 -r 10.244.1.3",
            "conntrack -D -p udp -d 10.96.0.20 --orig-port-dst 53 -r 10.244.1.3");
  }

  /** Rules reject what comes then, and entries are left alone. */
  @Test
  void withoutAnEndpointThatServesNothingIsAskedFor() {
    assertThat(new StaleUdp(List.of(service("UDP", 0, Stream.of()))).none()).isTrue();
    assertThat(
            new StaleUdp(
                    List.of(service("TCP", 0, Stream.of(Endpoint.ready("10.244.1.1", 53, "n")))))
                .none())
        .isTrue();
  }

  @Privileged
  @ParameterizedTest
  @EnumSource(names = {"IPTABLES", "NFTABLES"})
  void theKernelHasNoEntryOfAnEndpointThatLeft(DataPlane plane) {
    try (NetnsTestbed testbed =
        NetnsTestbed.up(TestbedRegistry.newRun(), new TestbedSize(2, 1, 1), false)) {
      String stays = testbed.pods().getFirst().address();
      String leaves = testbed.pods().getLast().address();
      NodeProxy proxy =
          NodeProxy.of(
              new NodeProxy.Kind(plane, IptablesBackend.AUTO, IpvsScheduler.RR),
              NodeProxy.Setup.on(
                  testbed, testbed.node(), KubeProxy.V1_37, UnaryOperator.identity()));
      proxy.start(services(stays, leaves));
      run(
          testbed,
          testbed.clients().getFirst(),
          "for i in $(seq " + DATAGRAMS + "); do echo x >/dev/udp/" + IP + "/53; done");
      run(testbed, testbed.node(), tcpEntry(leaves));
      assertThat(entries(testbed, "udp"))
          .hasSize(DATAGRAMS)
          .anyMatch(e -> e.contains("src=" + stays + " "))
          .anyMatch(e -> e.contains("src=" + leaves + " "));
      proxy.sync(services(stays), true);
      assertThat(entries(testbed, "udp"))
          .isNotEmpty()
          .allMatch(e -> e.contains("src=" + stays + " "));
      assertThat(entries(testbed, "tcp"))
          .singleElement()
          .asString()
          .contains("src=" + leaves + " ");
      proxy.stop();
    }
  }

  private static List<ServicePort> services(String... pods) {
    return Stream.of("UDP", "TCP")
        .map(p -> service(p, 0, Stream.of(pods).map(ip -> Endpoint.ready(ip, 53, "node-1"))))
        .toList();
  }

  private static String tcpEntry(String pod) {
    return "conntrack -I -p tcp --state ESTABLISHED -t 60 -s 10.244.9.9 -d "
        + IP
        + " --sport 40000 --dport 53 -r "
        + pod
        + " -q 10.244.9.9 --reply-port-src 53 --reply-port-dst 40000";
  }

  private static List<String> entries(NetnsTestbed testbed, String protocol) {
    return run(testbed, testbed.node(), "conntrack -L -p " + protocol + " -d " + IP)
        .lines()
        .toList();
  }

  private static String run(NetnsTestbed testbed, Place place, String command) {
    return testbed.run(place, List.of("bash", "-c", command), "", Programs.SHORT);
  }
}
