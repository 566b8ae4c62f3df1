package dev.conntrail.experiment;

import dev.conntrail.agent.Role;
import dev.conntrail.proxy.DnsServer;
import dev.conntrail.proxy.ProxyPrograms;
import dev.conntrail.result.Environment;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds out what a run needs to be repeated. */
public final class EnvironmentProbe {
  private static final List<List<String>> TOOLS =
      List.of(
          List.of("iptables", "--version"),
          List.of("iptables-legacy", "--version"),
          List.of("nft", "--version"),
          List.of("conntrack", "--version"),
          List.of("ipvsadm", "--version"),
          List.of("ipset", "--version"),
          List.of("ip", "-V"));

  private EnvironmentProbe() {}

  /**
   * This machine and its programs.
   *
   * @param version of this program
   * @param testbeds that are run on
   * @param cells that run on this machine, whose proxies and DNS server are among the programs
   * @param cluster what was found out about it
   */
  public static Environment probe(
      String version,
      Set<TestbedKind> testbeds,
      Collection<Cell> cells,
      Map<String, String> cluster) {
    Map<String, String> tools = new TreeMap<>(between(cells));
    for (List<String> tool : TOOLS) {
      if (Programs.find(tool.getFirst()).isPresent()) {
        Programs.Done done = Programs.attempt(tool, "", Programs.SHORT);
        tools.put(
            tool.getFirst(), (done.out() + done.err()).strip().lines().findFirst().orElse(""));
      }
    }
    return new Environment(
        version,
        git(),
        System.getProperty("java.vendor") + " " + Runtime.version(),
        Role.LOAD.flags(),
        System.getProperty("os.name") + ", " + distribution(),
        System.getProperty("os.version"),
        cpu(),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        tools,
        testbeds.contains(TestbedKind.NETNS) || testbeds.contains(TestbedKind.UML)
            ? NetnsTestbed.sysctls()
            : Map.of(),
        cluster,
        Build.here().libraries());
  }

  /** Programs between clients and pods, of those that are used. */
  private static Map<String, String> between(Collection<Cell> cells) {
    Map<String, String> all = new TreeMap<>();
    Set<String> used =
        cells.stream()
            .flatMap(c -> c.cure().proxied().stream())
            .map(p -> p.policy().program().word())
            .collect(Collectors.toSet());
    if (!used.isEmpty()) {
      all.putAll(ProxyPrograms.versions());
      all.keySet().retainAll(used);
    }
    if (cells.stream().anyMatch(c -> c.route().named())) {
      all.putAll(DnsServer.version());
    }
    return all;
  }

  /**
   * The commit of the checkout that this program lies in, with {@code -dirty} if files differ from
   * it; elsewhere that which the jar was built of.
   */
  static String git() {
    String jar = Build.here().commit();
    if (Programs.find("git").isEmpty()) {
      return jar;
    }
    Programs.Done checkout =
        Programs.attempt(
            List.of(
                "git",
                "-C",
                Build.folder().toString(),
                "describe",
                "--always",
                "--abbrev=9",
                "--dirty",
                "--exclude",
                "*"),
            "",
            Programs.SHORT);
    return checkout.exitCode() == 0 ? checkout.out().strip() : jar;
  }

  private static String distribution() {
    return firstMatch(Path.of("/etc/os-release"), "PRETTY_NAME=").replace("\"", "");
  }

  private static String cpu() {
    return firstMatch(Path.of("/proc/cpuinfo"), "model name").replaceFirst("^\\s*:\\s*", "");
  }

  private static long memory() {
    String kb = firstMatch(Path.of("/proc/meminfo"), "MemTotal:").replaceAll("\\D", "");
    return kb.isEmpty() ? 0 : Long.parseLong(kb) * 1024;
  }

  private static String firstMatch(Path file, String start) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(l -> l.startsWith(start))
          .findFirst()
          .map(l -> l.substring(start.length()).strip())
          .orElse("unknown");
    } catch (IOException _) {
      return "unknown";
    }
  }
}
