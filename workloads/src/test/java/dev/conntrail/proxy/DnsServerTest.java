package dev.conntrail.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.TestbedSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A DNS server in a namespace of its own, which a client's programs ask, and no other. */
@Privileged
class DnsServerTest {
  private static final int TTL_S = 7;

  /** A question for the addresses of the name. */
  private static final String QUESTION =
      "\0\1\1\0\0\1\0\0\0\0\0\0\4echo\7default\3svc\7cluster\5local\0\0\1\0\1";

  @TempDir private Path folder;

  private static Set<String> addresses(NetnsTestbed testbed) {
    String said =
        testbed.run(
            testbed.clients().getFirst(),
            List.of("getent", "ahostsv4", DnsServer.NAME),
            "",
            Programs.SHORT);
    Set<String> addresses = new TreeSet<>();
    said.lines().forEach(l -> addresses.add(l.split(" ")[0]));
    return addresses;
  }

  @Test
  void clientsFindThePodsOfTheName() throws Exception {
    Path log = folder.resolve("dns.log");
    String hosts = Files.readString(Path.of("/etc/resolv.conf"));
    TestbedSize size = new TestbedSize(4, 1, 1, 0, false, true, 1);
    try (NetnsTestbed testbed = NetnsTestbed.up(TestbedRegistry.newRun(), size, false)) {
      Place at = testbed.dns().getFirst();
      List<String> pods = testbed.pods().stream().map(Place::address).toList();
      try (DnsServer server = DnsServer.start(testbed, at, TTL_S, pods.subList(0, 2), log)) {
        assertThat(addresses(testbed)).containsExactlyElementsOf(pods.subList(0, 2));
        server.serve(pods.subList(1, 4));
        assertThat(addresses(testbed)).containsExactlyElementsOf(pods.subList(1, 4));
        assertThat(server.asked()).isEqualTo(2);
        assertThat(timesToLive(testbed, at)).containsExactly(TTL_S, TTL_S, TTL_S);
      }
      assertThat(Files.readString(Path.of("/etc/resolv.conf"))).isEqualTo(hosts);
    }
  }

  /** Of each record of an answer: a name by reference, type, class, time to live, address. */
  private static List<Integer> timesToLive(NetnsTestbed testbed, Place at) {
    String hex =
        testbed.run(
            testbed.clients().getFirst(),
            List.of(
                "bash",
                "-c",
                "exec 3<>/dev/udp/"
                    + at.address()
                    + "/53; cat >&3; timeout 20 dd bs=512 count=1 <&3 2>/dev/null | od -An -v -tu1"),
            QUESTION,
            Programs.SHORT);
    int[] bytes = Arrays.stream(hex.trim().split("\\s+")).mapToInt(Integer::parseInt).toArray();
    int record = 16;
    int records = (bytes.length - QUESTION.length()) / record;
    return IntStream.range(0, records)
        .map(i -> QUESTION.length() + i * record + 6)
        .mapToObj(i -> bytes[i] << 24 | bytes[i + 1] << 16 | bytes[i + 2] << 8 | bytes[i + 3])
        .toList();
  }
}
