package dev.conntrail.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.dataplane.objects.KubeObjects;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.TestbedSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Held to what a real kube-proxy 1.34.4 programmed in ipvs mode from the same objects. */
class IpvsRulesTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/1.34/reference");

  private static IpvsRules rules(String scheduler) throws IOException {
    return rules(scheduler, IpFamily.IPV4);
  }

  private static IpvsRules rules(String scheduler, IpFamily family) throws IOException {
    List<ServicePort> services =
        KubeObjects.parse(
                "ipvs-objects.yaml", Files.readString(FOLDER.resolve("ipvs-objects.yaml")))
            .servicePorts(family, "kind-worker", KubeProxy.V1_34);
    ProxyConfig config =
        new ProxyConfig(
            KubeProxy.V1_34,
            family,
            "kind-worker",
            "",
            List.of("172.18.0.9", "10.244.1.1"),
            List.of(Cidr.parse("10.244.0.0/16").orElseThrow()),
            List.of(),
            false,
            false);
    return IpvsRules.of(services, config, scheduler);
  }

  private static List<String> dump(String file) throws IOException {
    return Files.readAllLines(FOLDER.resolve(file));
  }

  /** Servers with their own lines, in any order of servers. */
  private static Set<String> servers(List<String> lines) {
    return lines.stream().map(String::strip).collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void virtualAndRealServersAreKubeProxys() throws IOException {
    assertThat(servers(rules("rr").ipvsadm().lines().toList()))
        .isEqualTo(servers(dump("ipvsadm-save.txt")));
    assertThat(rules("").ipvsadm()).isEqualTo(rules("rr").ipvsadm());
  }

  @Test
  void aSchedulerIsNamedAndMhHashesThePort() throws IOException {
    assertThat(rules("lc").ipvsadm().lines().filter(l -> l.startsWith("-A")))
        .allMatch(l -> l.contains(" -s lc") && !l.contains("-b"));
    assertThat(rules("mh").ipvsadm().lines().filter(l -> l.startsWith("-A")))
        .allMatch(l -> l.contains(" -s mh") && l.endsWith(" -b mh-port"));
  }

  /** Of both families; how a set is seeded is chance. */
  @Test
  void setsAndEntriesAreKubeProxys() throws IOException {
    Set<String> theirs =
        dump("ipset-save.txt").stream()
            .map(l -> l.replaceAll(" bucketsize .*", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> ours = new TreeSet<>();
    for (IpFamily family : IpFamily.values()) {
      rules("rr", family).ipset().lines().forEach(ours::add);
    }
    assertThat(ours).isEqualTo(theirs);
  }

  @Test
  void addressesAndSysctlsAreKubeProxys() throws IOException {
    Set<String> theirs =
        dump("ipvs-addresses.txt").stream()
            .filter(l -> l.contains("scope global kube-ipvs0"))
            .map(l -> l.strip().split("[ /]")[1])
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(new TreeSet<>(rules("rr").addresses())).isEqualTo(theirs);
    List<String> sysctls = dump("ipvs-sysctls.txt");
    rules("rr")
        .sysctls()
        .forEach(
            (name, value) -> assertThat(sysctls).contains(name.replace('/', '.') + " = " + value));
    assertThat(
            sysctls.stream()
                .filter(l -> l.startsWith("#   net.ipv4.vs."))
                .map(l -> l.replaceAll("#   |:.*", "").replace('.', '/'))
                .toList())
        .isSubsetOf(rules("rr").sysctls().keySet());
  }

  /** Loaded into a namespace, for the kernel prints rules its own way. */
  @Test
  @Privileged
  void iptablesRulesAreKubeProxys() throws IOException {
    IpvsRules rules = rules("rr");
    try (NetnsTestbed testbed =
        NetnsTestbed.up(TestbedRegistry.newRun(), new TestbedSize(1, 1, 1), false)) {
      Place node = testbed.node();
      testbed.run(node, List.of("ipset", "restore"), rules.ipset(), Programs.SHORT);
      testbed.run(
          node, List.of("iptables-legacy-restore", "--noflush"), rules.iptables(), Programs.SHORT);
      String ours = testbed.run(node, List.of("iptables-legacy-save"), "", Programs.SHORT);
      assertThat(inOrder(ours.lines().toList())).isEqualTo(inOrder(dump("ipvs-iptables-save.txt")));
    }
  }

  private static List<String> inOrder(List<String> save) {
    List<String> lines = new ArrayList<>();
    String table = "";
    for (String line : save) {
      if (line.startsWith("*")) {
        table = line;
      } else if (line.startsWith("-A")) {
        lines.add(table + " " + line.replaceAll(" +", " ").strip());
      } else if (line.startsWith(":KUBE")) {
        lines.add(table + " " + line.split(" ")[0]);
      }
    }
    return lines.stream().sorted((a, b) -> key(a).compareTo(key(b))).toList();
  }

  /** Table and chain: the sort is stable, so rules of a chain keep their order. */
  private static String key(String line) {
    String[] words = line.split(" ");
    return words[0] + " " + (words[1].equals("-A") ? words[2] : words[1]);
  }
}
