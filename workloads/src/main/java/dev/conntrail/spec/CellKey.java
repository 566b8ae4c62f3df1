package dev.conntrail.spec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a cell's key: every axis by its word, in a fixed order. */
final class CellKey {
  private CellKey() {}

  static String of(Cell cell) {
    return axes(cell).entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(" "));
  }

  /** Every axis that means something to a cell, with its value. */
  static Map<String, String> axes(Cell cell) {
    Map<String, String> axes = new LinkedHashMap<>();
    axes.put("data-plane", cell.dataPlane().word());
    if (cell.dataPlane() == DataPlane.IPTABLES) {
      axes.put("iptables-backend", cell.backend().word());
    }
    if (cell.dataPlane() == DataPlane.IPVS) {
      axes.put("ipvs-scheduler", cell.scheduler().word());
    }
    Traffic traffic = cell.traffic();
    axes.put("protocol", traffic.protocol().word());
    axes.put("pooling", traffic.pooling().word());
    axes.put("opening", traffic.opening().word());
    axes.put("keep-alive", traffic.keepAlive().word());
    axes.put("connections", Integer.toString(traffic.connections()));
    axes.put("pods", Integer.toString(cell.pods()));
    axes.put("clients", Integer.toString(traffic.clients()));
    axes.put("nodes", Integer.toString(cell.nodes()));
    axes.put("rate", traffic.load().word());
    for (Setting setting : Setting.values()) {
      if (setting.appliesTo(cell)) {
        axes.put(setting.word(), setting.effective(cell.settings()));
      }
    }
    Phases phases = cell.course().phases();
    axes.put("warmup", phases.warmup().toMillis() + "ms");
    axes.put("idle", phases.idle().toMillis() + "ms");
    axes.put("measure", phases.measure().toMillis() + "ms");
    axes.put("drain", phases.drain().toMillis() + "ms");
    axes.put("events", Event.text(cell.course().events()));
    return axes;
  }
}
