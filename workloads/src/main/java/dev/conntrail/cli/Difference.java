package dev.conntrail.cli;

import dev.conntrail.result.Environment;
import dev.conntrail.result.Manifest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is otherwise in one run than in another.
 *
 * @param what it is about, in a word or two
 * @param then in the run before; what cannot be told is said so
 * @param now in this one
 */
record Difference(String what, String then, String now) {
  private static final String NONE = "none";
  private static final long MEBIBYTE = 1L << 20;

  /** As a person reads it. */
  @Override
  public String toString() {
    return what + ": " + then + " then, " + now + " now";
  }

  /** Of machines and programs, as they are recorded. */
  static List<Difference> of(Environment then, Environment now) {
    Map<String, Function<Environment, String>> facts = new LinkedHashMap<>();
    facts.put("processor", Environment::cpu);
    facts.put("CPUs", e -> Integer.toString(e.cpus()));
    facts.put("memory", e -> e.memoryBytes() / MEBIBYTE + " MB");
    facts.put("kernel", Environment::kernel);
    facts.put("system", Environment::os);
    facts.put("Conntrail", e -> e.conntrail() + " (git " + e.git() + ")");
    facts.put("Java", Environment::java);
    facts.put("JVM flags", e -> String.join(" ", e.jvmFlags()));
    List<Difference> all = new ArrayList<>();
    facts.forEach((what, fact) -> add(all, what, fact.apply(then), fact.apply(now)));
    all.addAll(of("", then.tools(), now.tools()));
    all.addAll(of("", then.sysctls(), now.sysctls()));
    return all;
  }

  /** Of what was found out about clusters, but for names that every run makes anew. */
  static List<Difference> ofClusters(Environment then, Environment now) {
    return of("", proxies(then), proxies(now));
  }

  private static Map<String, String> proxies(Environment e) {
    return e.cluster().entrySet().stream()
        .filter(f -> f.getKey().contains("kube-proxy"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Of rules as they were loaded. */
  static List<Difference> ofRules(Manifest then, Manifest now) {
    return of("rules, ", rules(then), rules(now)).stream()
        .filter(d -> !d.then().equals(NONE) && !d.now().equals(NONE))
        .toList();
  }

  private static Map<String, String> rules(Manifest manifest) {
    return manifest.rules().stream()
        .collect(
            Collectors.toMap(
                r ->
                    r.testbed().word()
                        + ", "
                        + r.dataPlane().word()
                        + r.backend().map(b -> "-" + b.word()).orElse("")
                        + r.scheduler().map(s -> "-" + s.word()).orElse("")
                        + ", "
                        + r.pods()
                        + " pods, "
                        + r.nodes()
                        + " nodes, "
                        + r.node(),
                r -> r.sha256().substring(0, Math.min(12, r.sha256().length())),
                (a, b) -> a.contains(b) ? a : a + " and " + b));
  }

  private static List<Difference> of(
      String prefix, Map<String, String> then, Map<String, String> now) {
    List<Difference> all = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(then.keySet());
    names.addAll(now.keySet());
    names.forEach(n -> add(all, prefix + n, then.getOrDefault(n, NONE), now.getOrDefault(n, NONE)));
    return all;
  }

  /** Of cells by their keys: what axes, phases and defaults are now. */
  static List<Difference> ofCells(List<String> then, List<String> now) {
    List<String> gone = then.stream().filter(k -> !now.contains(k)).toList();
    List<String> came = now.stream().filter(k -> !then.contains(k)).toList();
    List<Difference> all = new ArrayList<>();
    if (then.size() != now.size()) {
      all.add(new Difference("cells", Integer.toString(then.size()), Integer.toString(now.size())));
    } else {
      for (int i = 0; i < gone.size(); i++) {
        of("cells, ", axes(gone.get(i)), axes(came.get(i))).stream()
            .filter(d -> !all.contains(d))
            .forEach(all::add);
      }
    }
    return all;
  }

  private static Map<String, String> axes(String key) {
    return Arrays.stream(key.split(" ", -1))
        .map(axis -> axis.split("=", 2))
        .collect(Collectors.toMap(a -> a[0], a -> a.length > 1 ? a[1] : "", (a, _) -> a));
  }

  private static void add(List<Difference> all, String what, String then, String now) {
    if (!Objects.equals(then, now)) {
      all.add(new Difference(what, then, now));
    }
  }
}
