package dev.conntrail.experiment;

import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Setting;
import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A cell's settings in its nodes and clients, until it is closed: then all is as before. */
final class AppliedSettings implements AutoCloseable {
  /** {@code ip_vs_proto_tcp.c}: established, FIN wait; {@code ip_vs_proto_udp.c}. */
  private static final String IPVS_TIMEOUTS = "900 120 300";

  private final LocalTestbed testbed;
  private final Cell cell;
  private final Deque<Runnable> undo = new ArrayDeque<>();

  AppliedSettings(LocalTestbed testbed, Cell cell) {
    this.testbed = testbed;
    this.cell = cell;
  }

  void apply() {
    for (Setting setting : Setting.values()) {
      cell.find(setting).ifPresent(number -> apply(setting, number));
    }
  }

  private void apply(Setting setting, int number) {
    switch (setting) {
      case IPVS_TCP_TIMEOUT ->
          testbed
              .nodes()
              .forEach(node -> {
                timeouts(node, number + " 0 0");
                undo.push(() -> timeouts(node, IPVS_TIMEOUTS));
              });
      case CONNTRACK_TCP_TIMEOUT ->
          onNodes("net/netfilter/nf_conntrack_tcp_timeout_established", number);
      case EXPIRE_NODEST_CONN -> onNodes("net/ipv4/vs/expire_nodest_conn", number);
      case CONN_REUSE_MODE -> onNodes("net/ipv4/vs/conn_reuse_mode", number);
      case CONNTRACK_MAX -> ofTheKernel("net/netfilter/nf_conntrack_max", number);
      case LOCAL_PORTS -> onClients("net/ipv4/tcp_tw_reuse", "1");
      case SYN_RETRIES -> onClients("net/ipv4/tcp_syn_retries", Integer.toString(number));
      case TCP_RETRIES -> onClients("net/ipv4/tcp_retries2", Integer.toString(number));
      case KEEP_ALIVE_INTERVAL -> {
        // the load process has it from its plan
      }
    }
  }

  private void timeouts(Place node, String values) {
    List<String> command =
        Stream.concat(Stream.of("ipvsadm", "--set"), Stream.of(values.split(" "))).toList();
    testbed.run(node, command, "", Programs.SHORT);
  }

  private void onNodes(String sysctl, int number) {
    testbed.nodes().forEach(node -> write(node, sysctl, Integer.toString(number)));
  }

  private void onClients(String sysctl, String value) {
    testbed.clients().forEach(client -> write(client, sysctl, value));
  }

  private void write(Place place, String sysctl, String value) {
    write(command -> testbed.inside(place, command), sysctl, value);
  }

  /** Of the kernel itself: within a guest, which is the run's own. */
  private void ofTheKernel(String sysctl, int number) {
    write(UnaryOperator.identity(), sysctl, Integer.toString(number));
  }

  /**
   * By programs: a sysctl has to be read in one piece, which {@link java.nio.file.Files} does not.
   */
  private void write(UnaryOperator<List<String>> inside, String sysctl, String value) {
    String file = "/proc/sys/" + sysctl;
    String old = Programs.run(inside.apply(List.of("cat", file)), "", Programs.SHORT).strip();
    echo(inside, file, value);
    undo.push(() -> echo(inside, file, old));
  }

  private static void echo(UnaryOperator<List<String>> inside, String file, String value) {
    Programs.run(
        inside.apply(List.of("sh", "-c", "echo '" + value + "' > " + file)), "", Programs.SHORT);
  }

  @Override
  public void close() {
    while (!undo.isEmpty()) {
      undo.pop().run();
    }
  }
}
