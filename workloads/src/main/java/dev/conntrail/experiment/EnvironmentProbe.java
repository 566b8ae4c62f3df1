package dev.conntrail.experiment;

import dev.conntrail.result.Environment;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Finds out what a run needs to be repeated. */
final class EnvironmentProbe {
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

  static Environment probe(String version, Set<TestbedKind> testbeds, Map<String, String> cluster) {
    Map<String, String> tools = new TreeMap<>();
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
        JavaProcesses.FLAGS,
        System.getProperty("os.name") + ", " + distribution(),
        System.getProperty("os.version"),
        cpu(),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        tools,
        testbeds.contains(TestbedKind.NETNS) || testbeds.contains(TestbedKind.UML)
            ? NetnsTestbed.sysctls()
            : Map.of(),
        cluster);
  }

  /**
   * The commit, with {@code -dirty} if the checkout differs from it; {@code unknown} outside a
   * checkout.
   */
  static String git() {
    if (Programs.find("git").isEmpty()) {
      return "unknown";
    }
    Programs.Done head =
        Programs.attempt(List.of("git", "rev-parse", "--short=9", "HEAD"), "", Programs.SHORT);
    if (head.exitCode() != 0) {
      return "unknown";
    }
    Programs.Done status =
        Programs.attempt(
            List.of("git", "status", "--porcelain", "--untracked-files=no"), "", Programs.SHORT);
    return head.out().strip() + (status.out().isBlank() ? "" : "-dirty");
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
