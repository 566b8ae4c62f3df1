package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesCommandTest {
  @TempDir private Path folder;

  private static void refuses(Path objects, String message) {
    Called ended =
        Called.with("rules", "--objects", objects.toString(), "--data-plane", "iptables");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().strip()).isEqualTo("conntrail: " + objects + ": " + message);
  }

  @Test
  void objectsThatAreNoneEndWithTwoAndOneLine() throws IOException {
    Path file = folder.resolve("objects.yaml");
    String allowed = "the output of `kubectl get services,endpointslices -A -o yaml`";
    refuses(file, "no such file; allowed: " + allowed);
    refuses(folder, "cannot be read (Is a directory); allowed: " + allowed);
    Files.writeString(file, "{apiVersion: v1, kind: Service, metadata: {name: a}}");
    refuses(
        file, "Service default/a: spec: found nothing; allowed: a map with clusterIP and ports");
    Files.write(file, new byte[] {(byte) 0xff});
    refuses(file, "found bytes that are no UTF-8 text; allowed: YAML or JSON in UTF-8");
  }

  private static Called nftables(String... options) {
    return rules("1.37/reference/nftables-objects.yaml", "nftables", options);
  }

  private static Called rules(String objects, String dataPlane, String... options) {
    return Called.with(
        Stream.concat(
                Stream.of(
                    "rules",
                    "--objects",
                    "src/test/resources/golden/" + objects,
                    "--data-plane",
                    dataPlane),
                Stream.of(options))
            .toArray(String[]::new));
  }

  private static String ofFamily(String dataPlane, String family) {
    Called called =
        rules(
            "random/o384.yaml",
            dataPlane,
            "--node",
            "node-a",
            "--node-ip",
            "192.168.0.2",
            "--node-ip",
            "fd00:192:168::2",
            "--cluster-cidr",
            "10.244.0.0/16,fd00:10:244::/48",
            "--ip-family",
            family);
    assertThat(called.code()).isZero();
    return called.out();
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables", "ipvs"})
  void bothFamiliesAreOneAfterTheOther(String dataPlane) {
    String ipv4 = ofFamily(dataPlane, "ipv4");
    String ipv6 = ofFamily(dataPlane, "ipv6");
    assertThat(ofFamily(dataPlane, "both")).isEqualTo(ipv4 + ipv6);
    assertThat(ipv4).contains("10.96.", "10.244.0.0/16").doesNotContain("fd00:");
    assertThat(ipv6)
        .contains("fd00:10:96::", "fd00:10:244::/48")
        .doesNotContain("192.168.", "10.244.0.0/16", "127.0.0.0/8");
    assertThat(rules("random/o384.yaml", dataPlane, "--ip-family", "ipv5").err())
        .contains("--ip-family: found 'ipv5'; allowed: ipv4, ipv6, both");
  }

  /** Each part is for a program of its own, and names only counters that it needs. */
  @Test
  void aCommentSaysWhatLoadsEachPart() {
    assertThat(ofFamily("iptables", "both").lines().filter(l -> l.startsWith("#")))
        .containsExactly(
            "# iptables-restore --noflush",
            "# loads where this counter is: nfacct add ct_state_invalid_dropped_pkts",
            "# loads where this counter is: nfacct add localhost_nps_accepted_pkts",
            "# ip6tables-restore --noflush",
            "# loads where this counter is: nfacct add ct_state_invalid_dropped_pkts");
    assertThat(ofFamily("ipvs", "ipv6").lines())
        .contains(
            "# ip addr add fd00:10:96::100/128 dev kube-ipvs0",
            "# ipset restore",
            "create KUBE-6-LOAD-BALANCER-SOURCE-CID hash:ip,port,net family inet6 hashsize 1024 maxelem 65536",
            "# ip6tables-restore --noflush",
            "# ipvsadm -R",
            "-A -t [fd00:192:168::2]:30000 -s rr");
  }

  @Test
  void theVersionIsTheNewestUnlessAnotherIsNamed() {
    assertThat(nftables().out())
        .isEqualTo(nftables("--kube-proxy", "1.37").out())
        .contains("hairpin-connections")
        .doesNotContain("mark-for-masquerade");
    assertThat(nftables("--kube-proxy", "1.34").out())
        .contains("mark-for-masquerade")
        .doesNotContain("hairpin-connections");
    assertThat(nftables("--kube-proxy", "1.3").err())
        .contains("--kube-proxy: found '1.3'; allowed: 1.34, 1.37");
  }

  @Test
  void helpFitsATerminal() {
    String help = Called.with("rules", "--help").out();
    assertThat(help.lines()).allMatch(l -> l.length() <= 80).anyMatch(l -> l.contains("conntrail"));
    assertThat(help).startsWith("Usage: conntrail rules ").doesNotContain("java -jar");
  }
}
