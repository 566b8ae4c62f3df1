package dev.conntrail.result;

import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.KubeProxy;
import java.io.IOException;
import java.util.Map;

/**
 * The layout of late November 2026: as that of schema 3, but that some columns came to it one by
 * one.
 */
final class Schema2 extends Schema3 {
  static final String KUBE_PROXY = "kube_proxy";
  static final String CURE = "cure";
  private static final String CENSORED = "response_censored_count";
  private static final String EVENT = "event";
  private static final String STEP = "step";
  private static final String SERVED = "served_count";
  private static final String STRUCK = "open_struck_count";
  private static final String UNHEARD = "unheard_count";
  private static final String UNANSWERED = "unanswered_count";
  private static final String CLOSED_BY = "closed_by";
  private static final String EXACT = "response_exact_up_to_pct";

  Schema2(RunFolder folder) throws IOException {
    super(folder);
  }

  /**
   * At first nftables rules were all kube-proxy 1.34's, there were no events but of endpoints, and
   * none with steps; nothing was done against imbalance.
   */
  @Override
  public RawTable upgraded(Table<?> table, RawTable found) {
    RawTable raw = super.upgraded(table, found);
    if (!raw.isEarlier(table)) {
      return raw; // that is no earlier version, but damage
    }
    RawTable layouts =
        (table.is(Tables.KERNEL) || table.is(Tables.CELLS)) && !raw.has(KUBE_PROXY)
            ? raw.with(KUBE_PROXY, Schema2::layout)
            : raw;
    RawTable cured =
        table.is(Tables.CELLS) && !raw.has(CURE) ? layouts.with(CURE, _ -> Values.NONE) : layouts;
    RawTable counted = counted(table, cured);
    return table.is(Tables.EVENTS) && !raw.has(STEP) && raw.has(EVENT)
        ? counted.with(STEP, row -> stepOf(row.get(EVENT)).word())
        : counted;
  }

  /** At first the ledger did not have what pods counted, nor effects what was struck. */
  private static RawTable counted(Table<?> table, RawTable raw) {
    if (table.is(Tables.CONNECTIONS)) {
      return raw.orMissing(SERVED);
    }
    return table.is(Tables.EFFECTS) ? raw.orMissing(UNHEARD).orMissing(STRUCK) : raw;
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

  /** At first intervals told of answered requests alone, and pods not of who closed. */
  @Override
  public RawTable upgraded(Table<?> table, RawTable raw, CellId cell, int number) {
    if (table.is(Tables.INTERVALS)) {
      return raw.orMissing(CENSORED).orMissing(EXACT);
    }
    return table.is(Tables.ECHO)
        ? raw.orMissing(CLOSED_BY)
        : table.is(Tables.PROXIED)
            ? raw.orMissing(UNANSWERED)
            : super.upgraded(table, raw, cell, number);
  }

  /** At first nobody looked at pods' and proxies' processes. */
  @Override
  public boolean has(Table<?> table) {
    return super.has(table) && !table.is(Tables.PROCESSES);
  }
}
