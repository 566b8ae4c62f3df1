package dev.conntrail.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.conntrail.Privileged;
import dev.conntrail.agent.Echo;
import dev.conntrail.agent.HeldProxy;
import dev.conntrail.agent.Transport;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.spec.ProxyPolicy;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.TestbedSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A proxy is a process in a namespace of its own, and pods see its address. */
@Privileged
class NetnsProxyTest {
  private static final int REQUESTS = 40;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = ProxyPolicy.class,
      names = {"HAPROXY_ROUNDROBIN", "ENVOY_ROUND_ROBIN"})
  void clientsReachPodsThroughIt(ProxyPolicy policy) throws Exception {
    assumeThat(ProxyPrograms.find(policy.program())).isPresent();
    String run = TestbedRegistry.newRun();
    try (NetnsTestbed testbed =
            NetnsTestbed.up(run, new TestbedSize(4, 1, 2, 1, false, false, 1), false);
        Echo echo = Echo.on(testbed, 1, Duration.ZERO, folder)) {
      Place at = testbed.proxies().getFirst();
      List<Backend> backends =
          testbed.pods().stream().map(p -> new Backend(p.name(), p.address(), 8080)).toList();
      ProxyPlan plan =
          new ProxyPlan(
              policy,
              at.address(),
              8080,
              false,
              backends,
              ProxyPlan.Limits.NONE,
              ProxyPlan.Limits.NONE,
              ProxyPlan.Options.NONE);
      try (HeldProxy proxy = new HeldProxy(at, new Transport.Children(testbed), folder)) {
        assertThat(proxy.use()).as("none runs").isEmpty();
        proxy.start(plan, backends);
        assertThat(proxy.use()).isPresent();
        String request = "GET / HTTP/1.1\r\nHost: pods\r\n";
        String requests =
            (request + "\r\n").repeat(REQUESTS - 1) + request + "Connection: close\r\n\r\n";
        testbed.attempt(
            testbed.clients().getFirst(),
            List.of(
                "bash",
                "-c",
                "exec 3<>/dev/tcp/" + at.address() + "/8080; cat >&3; timeout 25 cat <&3"),
            requests,
            Programs.SHORT);
        List<EchoCount> seen = echo.take().connections();
        assertThat(seen).allMatch(c -> c.clientAddress().equals(at.address()));
        ProxyCounts counts = proxy.drain(Duration.ofSeconds(10)).counts();
        assertThat(counts.connections()).isEqualTo(1);
        assertThat(counts.requests()).isEqualTo(REQUESTS);
        for (ProxyCounts.OfPod pod : counts.pods()) {
          assertThat(pod.requests())
              .isEqualTo(
                  seen.stream()
                      .filter(c -> c.pod().equals(pod.pod()))
                      .mapToLong(EchoCount::requestsCount)
                      .sum())
              .isEqualTo(REQUESTS / 4);
        }
      }
    }
    assertThat(testbedsOf(run)).isEmpty();
  }

  private static List<TestbedRegistry.Entry> testbedsOf(String run) {
    return TestbedRegistry.all().stream().filter(e -> e.run().equals(run)).toList();
  }
}
