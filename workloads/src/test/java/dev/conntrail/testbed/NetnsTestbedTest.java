package dev.conntrail.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.Privileged;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@Privileged
class NetnsTestbedTest {
  /** Everything of the host that a slip could change. */
  private static String host() {
    return Stream.of(
            List.of("ip", "addr", "show"),
            List.of("ip", "route", "show", "table", "all"),
            List.of("ip", "rule"),
            List.of("nft", "list", "ruleset"),
            List.of("iptables-legacy-save"),
            List.of(
                "sh",
                "-c",
                "sysctl -a 2>/dev/null | grep -E '^net[.]' | grep -vE 'nf_conntrack_count|random|file-nr|tcp_mem|udp_mem|route.flush|tcp_fastopen_key|stable_secret|nf_conntrack_max|somaxconn$|pktgen'"))
        .map(c ->
            Programs.attempt(c, "", Programs.SHORT)
                .out()
                .lines()
                .filter(
                    l -> !l.startsWith("#") && !l.contains("valid_lft") && !l.contains("expires"))
                .reduce("", (a, b) -> a + "\n" + b))
        .reduce("", (a, b) -> a + "\n----" + b);
  }

  private static List<String> namespaces(String start) {
    return Programs.run(List.of("ip", "netns", "list"), "", Programs.SHORT)
        .lines()
        .map(l -> l.split(" ")[0])
        .filter(n -> n.startsWith(start))
        .toList();
  }

  @Test
  void tenPodsComeAndGoAndTheHostIsAsBefore() {
    String before = host();
    String run = TestbedRegistry.newRun();
    try (NetnsTestbed testbed = NetnsTestbed.up(run, new TestbedSize(10, 2, 1), false)) {
      assertThat(namespaces(run)).hasSize(10 + 2 + 3).allMatch(n -> n.startsWith(run + "-"));
      assertThat(host()).isEqualTo(before);
      for (Place pod : testbed.pods()) {
        String ping =
            testbed.run(
                testbed.clients().getLast(),
                List.of("ping", "-c1", "-W2", pod.address()),
                "",
                Programs.SHORT);
        assertThat(ping).contains("1 received");
      }
      String conntrack =
          testbed.run(testbed.node(), List.of("conntrack", "-L"), "", Programs.SHORT);
      assertThat(conntrack)
          .as("connection tracking is on before any rule is loaded")
          .contains("icmp");
    }
    assertThat(namespaces(run)).isEmpty();
    assertThat(host()).isEqualTo(before);
  }

  @Test
  void threeHundredPodsWork() {
    String run = TestbedRegistry.newRun();
    try (NetnsTestbed testbed = NetnsTestbed.up(run, new TestbedSize(300, 1, 1), false)) {
      assertThat(testbed.pods()).extracting(Place::address).doesNotHaveDuplicates();
      assertThat(
              testbed.run(
                  testbed.clients().getFirst(),
                  List.of("ping", "-c1", "-W2", testbed.pods().getLast().address()),
                  "",
                  Programs.SHORT))
          .contains("1 received");
    }
    assertThat(namespaces(run)).isEmpty();
  }

  /** Pods and clients are spread in turn, each node routes, and every pod is reached from each. */
  @Test
  void threeNodesReachEachOther() {
    String before = host();
    String run = TestbedRegistry.newRun();
    try (NetnsTestbed testbed = NetnsTestbed.up(run, new TestbedSize(6, 3, 3), false)) {
      assertThat(namespaces(run)).hasSize(6 + 3 + 3 + 2);
      assertThat(testbed.pods())
          .extracting(Place::node)
          .containsExactly("node-1", "node-2", "node-3", "node-1", "node-2", "node-3");
      for (Place client : testbed.clients()) {
        for (Place pod : testbed.pods()) {
          assertThat(
                  testbed.run(
                      client, List.of("ping", "-c1", "-W2", pod.address()), "", Programs.SHORT))
              .contains("1 received")
              .contains(client.node().equals(pod.node()) ? "ttl=63" : "ttl=61");
        }
      }
    }
    assertThat(namespaces(run)).isEmpty();
    assertThat(host()).isEqualTo(before);
  }

  @Test
  void theEchosPlaceIsEmpty() {
    try (NetnsTestbed testbed =
        NetnsTestbed.up(TestbedRegistry.newRun(), new TestbedSize(1, 1, 1), false)) {
      assertThat(
              testbed
                  .run(testbed.echoPlace(), List.of("ip", "-br", "link"), "", Programs.SHORT)
                  .strip()
                  .lines())
          .hasSize(1)
          .first()
          .asString()
          .startsWith("lo");
      assertThat(testbed.run(testbed.echoPlace(), List.of("ip", "route"), "", Programs.SHORT))
          .isBlank();
    }
  }

  /** Someone else's namespace, and one that took the place of ours, are left alone. */
  @Test
  void nothingElseIsTouched() throws IOException {
    String run = TestbedRegistry.newRun();
    String other = run + "x-pod-1";
    Programs.run(List.of("ip", "netns", "add", other), "", Programs.SHORT);
    try {
      NetnsTestbed testbed = NetnsTestbed.up(run, new TestbedSize(2, 1, 1), false);
      String replaced = testbed.pods().getFirst().netns();
      // as long as it is open, the number of its inode is not given again
      try (InputStream _ = Files.newInputStream(Path.of("/run/netns", replaced))) {
        Programs.run(List.of("ip", "netns", "del", replaced), "", Programs.SHORT);
        Programs.run(List.of("ip", "netns", "add", replaced), "", Programs.SHORT);
        testbed.close();
      }
      assertThat(namespaces(run)).containsExactlyInAnyOrder(other, replaced);
      Programs.run(List.of("ip", "netns", "del", replaced), "", Programs.SHORT);
    } finally {
      Programs.run(List.of("ip", "netns", "del", other), "", Programs.SHORT);
    }
  }

  @Test
  void aNamespaceThatIsThereIsNotAdopted() {
    String run = TestbedRegistry.newRun();
    Programs.run(List.of("ip", "netns", "add", run + "-pod-1"), "", Programs.SHORT);
    try {
      assertThatThrownBy(() -> NetnsTestbed.up(run, new TestbedSize(1, 1, 1), false).close())
          .isInstanceOf(TestbedException.class)
          .hasMessageContaining(run + "-pod-1 is already there");
      assertThat(namespaces(run)).containsExactly(run + "-pod-1");
    } finally {
      Programs.run(List.of("ip", "netns", "del", run + "-pod-1"), "", Programs.SHORT);
    }
  }

  @Test
  void aProgramThatFailsIsNamedWithItsWords() {
    assertThatThrownBy(
            () -> Programs.run(List.of("sh", "-c", "echo why >&2; exit 7"), "", Programs.SHORT))
        .isInstanceOf(TestbedException.class)
        .hasMessageContaining("ended with 7: why");
  }
}
