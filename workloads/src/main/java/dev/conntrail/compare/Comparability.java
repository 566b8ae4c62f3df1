package dev.conntrail.compare;

import dev.conntrail.result.CellResults;
import dev.conntrail.result.Environment;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunResults;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether two runs may be compared.
 *
 * @param obstacles what forbids it
 * @param notes what else differs, and may be what is compared
 */
public record Comparability(List<Obstacle> obstacles, List<Obstacle> notes) {
  private static final Set<String> PHASES = Set.of("warmup", "idle", "measure", "drain");
  private static final String RATE = "rate";

  private static final String PROXY_VERSION = "kube-proxy version";

  /** Of one run with itself. */
  static final Comparability SAME = new Comparability(List.of(), List.of());

  /** Compares what two folders tell of themselves. */
  public static Comparability of(RunResults a, RunResults b) {
    Lines obstacles = new Lines();
    machine(obstacles, a.environment(), b.environment());
    obstacles.differs("kernel of the guest", guest(a), guest(b));
    obstacles.differs("testbed", testbeds(a), testbeds(b));
    obstacles.differs(PROXY_VERSION, proxies(a), proxies(b));
    Lines notes = new Lines();
    rules(a.manifest(), b.manifest(), obstacles, notes);
    cells(a, b, obstacles);
    libraries(a.environment().libraries(), b.environment().libraries(), obstacles, notes);
    obstacles.differs("schema", schema(a), schema(b));
    notes.differs("Conntrail", program(a), program(b));
    notes.differs("status", a.manifest().status().word(), b.manifest().status().word());
    notes.differs("seed", Long.toString(a.manifest().seed()), Long.toString(b.manifest().seed()));
    tools(notes, a.environment(), b.environment());
    return new Comparability(obstacles.found, notes.found);
  }

  /** Schema 3 is schema 2 with more columns. */
  private static String schema(RunResults run) {
    return run.manifest().schema() < 2 ? "1" : "2 or 3";
  }

  private static final class Lines {
    private final List<Obstacle> found = new ArrayList<>();

    void differs(String what, String a, String b) {
      if (!a.equals(b)) {
        found.add(new Obstacle(what, a, b));
      }
    }
  }

  private static void machine(Lines lines, Environment a, Environment b) {
    lines.differs("machine", a.machine(), b.machine());
    lines.differs("kernel", a.kernel(), b.kernel());
    lines.differs("Java", a.java() + " " + a.jvmFlags(), b.java() + " " + b.jvmFlags());
  }

  private static String guest(RunResults run) {
    return run.guest().map(Environment::kernel).orElse("none");
  }

  private static String testbeds(RunResults run) {
    return run.manifest().testbeds().stream()
        .map(TestbedKind::word)
        .sorted()
        .collect(Collectors.joining(" and "));
  }

  /** As clusters tell; here the rules' own text is compared. */
  private static String proxies(RunResults run) {
    Set<String> versions = new TreeSet<>();
    run.environment()
        .cluster()
        .forEach((name, value) -> {
          if (name.endsWith(PROXY_VERSION)) {
            versions.add(value);
          }
        });
    return versions.isEmpty() ? "that of Conntrail's rules" : String.join(", ", versions);
  }

  /** Rules of the same set-up: where they were edited, that is what is compared. */
  private static void rules(Manifest a, Manifest b, Lines obstacles, Lines notes) {
    notes.differs("edit of the rules", edit(a), edit(b));
    notes.differs("echo delay", echoDelay(a), echoDelay(b));
    Map<Manifest.Rules, String> ofA = hashes(a);
    Map<Manifest.Rules, String> ofB = hashes(b);
    long others =
        ofA.entrySet().stream()
            .filter(e -> ofB.containsKey(e.getKey()) && !ofB.get(e.getKey()).equals(e.getValue()))
            .count();
    if (others > 0 && a.rulesEdit().equals(b.rulesEdit())) {
      obstacles.differs("text of rules", "one", "another for " + others + " of its set-ups");
    }
  }

  private static String edit(Manifest m) {
    return m.rulesEdit().isEmpty() ? "none" : Manifest.shortened(m.rulesEdit());
  }

  private static String echoDelay(Manifest m) {
    return m.echoDelayMs().map(ms -> ms + " ms").orElse("none");
  }

  private static Map<Manifest.Rules, String> hashes(Manifest m) {
    Map<Manifest.Rules, String> hashes = new LinkedHashMap<>();
    for (Manifest.Rules r : m.rules()) {
      if (!r.testbed().kubernetes()) {
        hashes.put(
            new Manifest.Rules(
                r.testbed(),
                r.dataPlane(),
                r.backend(),
                r.scheduler(),
                r.pods(),
                r.nodes(),
                r.node(),
                ""),
            r.sha256());
      }
    }
    return hashes;
  }

  /** Cells that the other does not have; whether phases or rates are why is said. */
  private static void cells(RunResults a, RunResults b, Lines lines) {
    lines.differs("spec hash", CellSet.of(a).hash(), CellSet.of(b).hash());
    lines.differs("phases", values(a, b, PHASES), values(b, a, PHASES));
    lines.differs("rates", values(a, b, Set.of(RATE)), values(b, a, Set.of(RATE)));
  }

  /** The values of some axes, of cells without a partner that have one but for these. */
  private static String values(RunResults of, RunResults other, Set<String> axes) {
    Set<CellId> ids = other.cells().stream().map(CellResults::id).collect(Collectors.toSet());
    Set<Map<String, String>> others =
        other.cells().stream().map(c -> less(c.cell().axes(), axes)).collect(Collectors.toSet());
    String values =
        of.cells().stream()
            .filter(c -> !ids.contains(c.id()))
            .map(c -> c.cell().axes())
            .filter(key -> others.contains(less(key, axes)))
            .map(key ->
                key.entrySet().stream()
                    .filter(e -> axes.contains(e.getKey()))
                    .map(e -> e.getKey() + " " + e.getValue())
                    .collect(Collectors.joining(", ")))
            .distinct()
            .collect(Collectors.joining("; "));
    return values.isEmpty() ? "those of both" : values;
  }

  private static Map<String, String> less(Map<String, String> key, Set<String> axes) {
    Map<String, String> less = new LinkedHashMap<>(key);
    less.keySet().removeAll(axes);
    return less;
  }

  /** Folders of earlier versions do not tell them. */
  private static void libraries(
      Map<String, String> a, Map<String, String> b, Lines obstacles, Lines notes) {
    if (a.isEmpty() || b.isEmpty()) {
      notes.found.add(new Obstacle("client library", libraries(a), libraries(b)));
    } else {
      obstacles.differs("client library", libraries(a), libraries(b));
    }
  }

  private static String libraries(Map<String, String> libraries) {
    return libraries.isEmpty()
        ? "not recorded"
        : new TreeMap<>(libraries)
            .entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
  }

  private static String program(RunResults run) {
    return run.environment().conntrail() + " of " + run.environment().git();
  }

  private static void tools(Lines notes, Environment a, Environment b) {
    Set<String> names = new TreeSet<>(a.tools().keySet());
    names.addAll(b.tools().keySet());
    for (String tool : names) {
      notes.differs(
          tool, a.tools().getOrDefault(tool, "none"), b.tools().getOrDefault(tool, "none"));
    }
  }
}
