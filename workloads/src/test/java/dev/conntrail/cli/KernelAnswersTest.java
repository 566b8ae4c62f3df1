package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.conntrail.Privileged;
import dev.conntrail.echo.EchoServer;
import dev.conntrail.echo.PodLedger;
import dev.conntrail.record.EchoLine;
import dev.conntrail.record.Ledger;
import dev.conntrail.record.LedgerEntry;
import dev.conntrail.result.ClientFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.Witness;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where connections went whose replies do not say who sent them. */
class KernelAnswersTest {
  /** As conntrack 1.4.7 prints it. */
  private static final String LISTING =
      """
      tcp      6 431999 ESTABLISHED src=10.0.0.9 dst=10.96.0.10 sport=40001 dport=80 src=10.244.1.3 dst=10.0.0.9 sport=8080 dport=40001 [ASSURED] mark=0 use=1
      tcp      6 119 TIME_WAIT src=10.0.0.9 dst=10.96.0.10 sport=40002 dport=80 src=10.244.2.7 dst=10.0.0.9 sport=8080 dport=57770 [ASSURED] mark=0 use=1
      tcp      6 119 TIME_WAIT src=10.0.0.9 dst=10.0.0.7 sport=40002 dport=80 src=10.0.0.7 dst=10.0.0.9 sport=80 dport=40002 [ASSURED] mark=0 use=1
      tcp      6 60 SYN_SENT src=10.0.0.9 dst=10.96.0.10 sport=40003 dport=80 [UNREPLIED] src=10.244.1.3 dst=10.0.0.9 sport=8080 dport=40003 mark=0 use=1
      tcp      6 119 TIME_WAIT src=10.0.0.8 dst=10.96.0.10 sport=40004 dport=80 src=10.244.1.3 dst=10.0.0.8 sport=8080 dport=40004 [ASSURED] mark=0 use=1
      tcp      6 119 TIME_WAIT src=10.0.0.9 dst=10.96.0.10 sport=40006 dport=80 src=10.244.1.4 dst=10.0.0.9 sport=8080 dport=40006 [ASSURED] mark=0 use=1
      tcp      6 119 TIME_WAIT src=fd00::9 dst=fd96::a sport=40005 dport=80 src=fd00:1::3 dst=fd00::9 sport=8080 dport=40005 [ASSURED] mark=0 use=1
      """;

  @TempDir private Path folder;
  private final Ledger ledger = new Ledger();

  private LedgerEntry born(String local, int port, String remote) {
    return ledger.born(at(local, port), at(remote, 80), 0, 0);
  }

  private LedgerEntry answered(String local, int port, String remote) {
    LedgerEntry entry = born(local, port, remote);
    entry.replied(new EchoLine("", "", 0, 0), 1, 3, 5);
    return entry;
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }

  private List<String> words(KernelAnswers kernel) {
    return ledger.rows().stream().map(kernel::words).toList();
  }

  @Test
  void whoRepliesIsTheSourceOfTheOtherDirection() {
    answered("10.0.0.9", 40001, "10.96.0.10");
    answered("10.0.0.9", 40002, "10.96.0.10");
    answered("10.0.0.9", 40002, "10.0.0.7");
    answered("fd00::9", 40005, "fd96::a");
    born("10.0.0.9", 40006, "10.96.0.10");
    KernelAnswers kernel = KernelAnswers.read(LISTING, ledger.rows());
    assertThat(words(kernel))
        .containsExactly(
            "10.244.1.3:8080 (by the kernel's table)",
            "10.244.2.7:8080 (by the kernel's table)",
            "10.0.0.7:80 (not translated here, by the kernel's table)",
            "[fd00:1:0:0:0:0:0:3]:8080 (by the kernel's table)",
            "no answer from 10.244.1.4:8080 (by the kernel's table)");
    assertThat(kernel.unknown()).isEmpty();
  }

  @Test
  void whatItDoesNotHaveIsSaid() {
    answered("10.0.0.9", 40001, "10.96.0.10");
    answered("10.0.0.9", 40001, "10.96.0.10");
    answered("10.0.0.9", 40003, "10.96.0.10");
    answered("10.0.0.9", 40004, "10.96.0.10");
    born("10.0.0.9", 40007, "10.96.0.10");
    KernelAnswers kernel = KernelAnswers.read(LISTING, ledger.rows());
    String untold = "answered, by whom is not told";
    assertThat(words(kernel))
        .as("of two with the same ends the table has the later")
        .containsExactly(
            untold, "10.244.1.3:8080 (by the kernel's table)", untold, untold, "no pod answered");
    assertThat(kernel.unknown())
        .contains(
            "where 4 of the connections went is not known: the kernel's table of this network namespace does not have them");
    assertThat(KernelAnswers.read("", ledger.rows()).unknown())
        .contains(
            "where 5 of the connections went is not known: the kernel's table of this network namespace does not have them; mend: load in that of a node, whose rules lead to pods, and not in a pod's");
  }

  @Test
  void onLoopbackItIsSaidWhenTheTableIsNotNeeded() {
    answered("127.0.0.1", 40001, "127.0.0.1");
    assertThat(KernelAnswers.read("", ledger.rows()).unknown())
        .contains(
            "where 1 of the connections went is not known: the kernel's table of this network namespace does not have them; mend: none where what listens on loopback answers itself; where it is a proxy, --pod-header or --pod-pattern");
  }

  private static void run(String... command) {
    Programs.run(List.of(command), "", Programs.SHORT);
  }

  /** A namespace with a Service of two pods, by turns, and no other way to them. */
  private static void service(String name) {
    run("ip", "netns", "add", name);
    run("ip", "-n", name, "link", "set", "lo", "up");
    for (String address : List.of("10.244.1.1/32", "10.244.1.2/32")) {
      run("ip", "-n", name, "addr", "add", address, "dev", "lo");
    }
    run("ip", "-n", name, "route", "add", "10.96.0.0/16", "dev", "lo");
    Programs.run(
        List.of("nsenter", "--net=/run/netns/" + name, "nft", "-f", "-"),
        """
        table ip service {
          chain pod-1 { meta l4proto tcp dnat to 10.244.1.1:8080; }
          chain pod-2 { meta l4proto tcp dnat to 10.244.1.2:8080; }
          chain out {
            type nat hook output priority -100;
            ip daddr 10.96.0.10 tcp dport 80 numgen inc mod 2 vmap { 0 : goto pod-1, 1 : goto pod-2 }
          }
        }
        """,
        Programs.SHORT);
  }

  private static EchoPod pod(int number, String name) {
    return new EchoPod(
        "pod-" + number,
        "node-1",
        "10.244.1." + number,
        8080,
        9090,
        "/run/netns/" + name,
        Duration.ZERO);
  }

  /** The kernel, the pods and the ledger have the same connections on each pod. */
  @Test
  @Privileged
  void theKernelTellsWhereAServiceLedThem() throws Exception {
    String name = TestbedRegistry.newRun() + "-load";
    try {
      service(name);
      try (EchoServer echo =
          new EchoServer(IntStream.rangeClosed(1, 2).mapToObj(i -> pod(i, name)).toList(), 1)) {
        String said = load(name);
        assertThat(said)
            .contains(
                "connections: 12\n",
                "  3  10.244.1.1:8080 (by the kernel's table)\n",
                "  6  10.244.1.2:8080 (not translated here, by the kernel's table)\n",
                "  3  10.244.1.2:8080 (by the kernel's table)\n")
            .doesNotContain("not known", "not told");
        assertThat(echo.ledgers().stream().map(PodLedger::take).map(List::size))
            .containsExactly(3, 9);
      }
    } finally {
      run("ip", "netns", "del", name);
    }
    List<ConnectionRow> rows = new ClientFolder(folder).rows(Tables.CONNECTIONS);
    assertThat(rows).hasSize(12);
    assertThat(rows.stream().filter(r -> r.remoteAddress().equals("10.96.0.10")))
        .hasSize(6)
        .extracting(ConnectionRow::podBy)
        .containsOnly(Optional.of(Witness.KERNEL));
    assertThat(rows.stream().filter(r -> r.remoteAddress().equals("10.244.1.2")))
        .extracting(ConnectionRow::pod, ConnectionRow::podBy)
        .containsOnly(tuple(Optional.empty(), Optional.empty()));
  }

  private String load(String name) throws Exception {
    List<String> command =
        Stream.concat(
                Stream.of("nsenter", "--net=/run/netns/" + name),
                CommandProcess.command(
                    List.of(
                        "load",
                        "--no-pods",
                        "--connections",
                        "12",
                        "--rate",
                        "120",
                        "--warmup-ms",
                        "0",
                        "--measure-ms",
                        "200",
                        "--target",
                        "10.96.0.10:80",
                        "--target",
                        "10.244.1.2:8080",
                        "--out",
                        folder.toString()))
                    .stream())
            .toList();
    return CommandProcess.start(Map.of(), command).end();
  }
}
