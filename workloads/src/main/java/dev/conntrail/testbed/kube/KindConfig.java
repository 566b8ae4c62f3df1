package dev.conntrail.testbed.kube;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The configuration that kind makes a cluster of. */
public final class KindConfig {
  private static final String NODES = "nodes";
  private static final Map<String, String> WORKER = Map.of("role", "worker");
  private static final String LABELS = "labels";

  /** Kubernetes' own label of a node, with the zone that it is in. */
  static final String ZONE = "topology.kubernetes.io/zone";

  private KindConfig() {}

  /**
   * A configuration with another kubeProxyMode and another number of workers, each of which is a
   * zone of its own where there are several, and nothing else changed.
   *
   * @param config a file; empty for the bundled one
   * @param workers nodes for pods; 1 for those that the file has
   */
  public static String of(Optional<Path> config, DataPlane mode, int workers) {
    Object parsed = new Load(LoadSettings.builder().build()).loadFromString(text(config));
    if (!(parsed instanceof Map<?, ?> top)) {
      throw new TestbedException(
          config.orElseThrow() + ": found no mapping; allowed: a Cluster of kind");
    }
    Map<Object, Object> changed = new LinkedHashMap<>(top);
    Map<Object, Object> networking = new LinkedHashMap<>();
    if (top.get("networking") instanceof Map<?, ?> found) {
      networking.putAll(found);
    }
    networking.put("kubeProxyMode", mode.word());
    changed.put("networking", networking);
    if (workers > 1) {
      changed.put(NODES, withWorkers(top.get(NODES), workers));
    }
    return new Dump(DumpSettings.builder().build()).dumpToString(changed);
  }

  private static String text(Optional<Path> config) {
    try (InputStream bundled = KindConfig.class.getResourceAsStream("/kind-config.yaml")) {
      return config.isEmpty()
          ? new String(bundled.readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(config.get());
    } catch (IOException e) {
      String file = config.map(Path::toString).orElse("the bundled configuration");
      throw new TestbedException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** The nodes of the control plane, and workers as the first of the file is, or plain ones. */
  private static List<Object> withWorkers(Object nodes, int workers) {
    List<Object> all = new ArrayList<>();
    Map<?, ?> worker = WORKER;
    if (nodes instanceof List<?> found) {
      found.stream().filter(n -> !isWorker(n)).forEach(all::add);
      worker =
          found.stream()
              .filter(KindConfig::isWorker)
              .findFirst()
              .<Map<?, ?>>map(w -> (Map<?, ?>) w)
              .orElse(WORKER);
    }
    if (all.isEmpty()) {
      all.add(Map.of("role", "control-plane"));
    }
    for (int zone = 1; zone <= workers; zone++) {
      all.add(inZone(worker, "zone-" + zone));
    }
    return all;
  }

  private static Map<Object, Object> inZone(Map<?, ?> worker, String zone) {
    Map<Object, Object> there = new LinkedHashMap<>(worker);
    Map<Object, Object> labels = new LinkedHashMap<>();
    if (worker.get(LABELS) instanceof Map<?, ?> own) {
      labels.putAll(own);
    }
    labels.put(ZONE, zone);
    there.put(LABELS, labels);
    return there;
  }

  private static boolean isWorker(Object node) {
    return node instanceof Map<?, ?> map && "worker".equals(map.get("role"));
  }
}
