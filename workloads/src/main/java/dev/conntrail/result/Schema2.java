package dev.conntrail.result;

import dev.conntrail.result.row.CellRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.KubeProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The layout of this version: hardly anything to change. */
final class Schema2 implements Schema {
  static final String KUBE_PROXY = "kube_proxy";
  static final String CURE = "cure";
  private static final String CENSORED = "response_censored_count";
  private static final String EVENT = "event";
  private static final String STEP = "step";
  private static final String CLOSED_BY = "closed_by";
  private static final String EXACT = "response_exact_up_to_pct";

  private final RunFolder folder;
  private final Manifest manifest;

  Schema2(RunFolder folder) throws IOException {
    this.folder = folder;
    this.manifest = Whole.checked(folder.manifest(), Json.read(folder.manifest(), Manifest.class));
  }

  @Override
  public Manifest manifest() {
    return manifest;
  }

  @Override
  public Path file(Table<?> table) {
    return folder.of(table);
  }

  /**
   * At first nftables rules were all kube-proxy 1.34's, there were no events but of endpoints, and
   * none with steps; nothing was done against imbalance.
   */
  @Override
  public RawTable upgraded(Table<?> table, RawTable raw) {
    if (!Csv.columns(table.type()).containsAll(raw.header())) {
      return raw; // that is no earlier version, but damage
    }
    RawTable layouts =
        (table.is(Tables.KERNEL) || table.is(Tables.CELLS)) && !raw.has(KUBE_PROXY)
            ? raw.with(KUBE_PROXY, Schema2::layout)
            : raw;
    RawTable cured =
        table.is(Tables.CELLS) && !raw.has(CURE) ? layouts.with(CURE, _ -> Values.NONE) : layouts;
    return table.is(Tables.EVENTS) && !raw.has(STEP) && raw.has(EVENT)
        ? cured.with(STEP, row -> stepOf(row.get(EVENT)).word())
        : cured;
  }

  /** What an event of endpoints does at its only step. */
  static EventStep stepOf(String event) {
    return event.equals(EventKind.ADD_ENDPOINTS.word()) ? EventStep.JOINED : EventStep.LEFT;
  }

  /** The layout of rules from a time when there was one. */
  static String layout(Map<String, String> row) {
    return DataPlane.NFTABLES.word().equals(row.get("data_plane"))
        ? KubeProxy.V1_34.word()
        : Values.MISSING;
  }

  @Override
  public List<CellRow> cells(List<CellRow> read, Consumer<String> problems) {
    return read;
  }

  @Override
  public RawFile raw(CellId cell, int number, String name) {
    return folder.raw(cell.word(), number, name);
  }

  /** At first intervals told of answered requests alone, and pods not of who closed. */
  @Override
  public RawTable upgraded(Table<?> table, RawTable raw, CellId cell, int number) {
    return table.is(Tables.INTERVALS) && !raw.has(CENSORED)
        ? raw.with(CENSORED, _ -> Values.MISSING).with(EXACT, _ -> Values.MISSING)
        : table.is(Tables.ECHO) && !raw.has(CLOSED_BY)
            ? raw.with(CLOSED_BY, _ -> Values.MISSING)
            : raw;
  }

  /** At first nobody looked at pods' and proxies' processes. */
  @Override
  public boolean has(Table<?> table) {
    return !table.is(Tables.PROCESSES);
  }

  @Override
  public boolean mayLack(Table<?> table) {
    return table.is(Tables.KERNEL);
  }

  @Override
  public List<String> lacks() {
    return List.of();
  }
}
