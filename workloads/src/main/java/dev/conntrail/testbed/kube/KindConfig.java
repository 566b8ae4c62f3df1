package dev.conntrail.testbed.kube;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The configuration that kind makes a cluster of. */
final class KindConfig {
  private KindConfig() {}

  /**
   * A configuration with another kubeProxyMode, and nothing else changed.
   *
   * @param config a file; null for the bundled one
   */
  static String withMode(Path config, DataPlane mode) {
    String text;
    try (InputStream bundled = KindConfig.class.getResourceAsStream("/kind-config.yaml")) {
      text =
          config == null
              ? new String(bundled.readAllBytes(), StandardCharsets.UTF_8)
              : Files.readString(config);
    } catch (IOException e) {
      throw new TestbedException("cannot read " + config + ": " + e.getMessage(), e);
    }
    Object parsed = new Load(LoadSettings.builder().build()).loadFromString(text);
    if (!(parsed instanceof Map<?, ?> top)) {
      throw new TestbedException(config + ": found no mapping; allowed: a Cluster of kind");
    }
    Map<Object, Object> changed = new LinkedHashMap<>(top);
    Map<Object, Object> networking = new LinkedHashMap<>();
    if (top.get("networking") instanceof Map<?, ?> found) {
      networking.putAll(found);
    }
    networking.put("kubeProxyMode", mode.word());
    changed.put("networking", networking);
    return new Dump(DumpSettings.builder().build()).dumpToString(changed);
  }
}
