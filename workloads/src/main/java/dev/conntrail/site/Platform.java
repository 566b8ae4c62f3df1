package dev.conntrail.site;

import dev.conntrail.result.Environment;
import dev.conntrail.result.RunResults;
import dev.conntrail.spec.TestbedKind;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * On what a run was made, in words; {@value #UNKNOWN} where the folder does not tell.
 *
 * @param machine the processor, how many, and memory
 * @param kernel of the nodes: of this machine, of a guest, of a cluster's
 * @param kubeProxy its version, where it is real
 */
record Platform(String machine, String kernel, String kubeProxy) {
  static final String UNKNOWN = "unknown";

  private static final Pattern NODE_KERNEL = Pattern.compile("kernel ([^,)]+)");

  /** That of a run. */
  static Platform of(RunResults run) {
    Environment e = run.environment();
    List<TestbedKind> testbeds = run.manifest().testbeds();
    String kernel = e.kernel();
    if (testbeds.stream().anyMatch(TestbedKind::kubernetes)) {
      kernel =
          or(
              joined(
                  e.cluster().values().stream()
                      .flatMap(v -> NODE_KERNEL.matcher(v).results())
                      .map((MatchResult found) -> found.group(1))));
    } else if (testbeds.contains(TestbedKind.UML)) {
      String guest = run.guest().map(Environment::kernel).orElse(UNKNOWN) + " (guest)";
      kernel = testbeds.size() == 1 ? guest : kernel + ", " + guest;
    }
    return new Platform(machine(e), kernel, kubeProxy(e, testbeds));
  }

  private static String machine(Environment e) {
    return e.cpus() < 1 ? UNKNOWN : e.machine();
  }

  private static String kubeProxy(Environment e, List<TestbedKind> testbeds) {
    if (testbeds.stream().anyMatch(TestbedKind::kubernetes)) {
      return or(
          joined(
              e.cluster().entrySet().stream()
                  .filter(f -> f.getKey().endsWith("kube-proxy version"))
                  .map(Map.Entry::getValue)));
    }
    return testbeds.contains(TestbedKind.LOOPBACK)
        ? "none"
        : "none; its rules by Conntrail " + e.conntrail();
  }

  private static String joined(Stream<String> words) {
    return words.distinct().sorted().collect(Collectors.joining(", "));
  }

  private static String or(String text) {
    return text.isEmpty() ? UNKNOWN : text;
  }
}
