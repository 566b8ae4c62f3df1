package dev.conntrail.result;

import dev.conntrail.spec.CellId;
import java.io.IOException;

/** The layout before libraries could retry: its first folders have another name as well. */
class Schema3 extends Schema4 {
  /** How failures of requests and connects after an event were called at first, and are now. */
  static final String FAILED = "failed_count";

  static final String FAILURES = "failures_count";

  /** How often libraries sent requests again; before there was the column they never did. */
  static final String RETRIED = "retried_count";

  static final String REQUESTS_RETRIED = "requests_retried_count";

  static final String NEVER = "0";

  Schema3(RunFolder folder) throws IOException {
    super(folder);
  }

  @Override
  public RawTable upgraded(Table<?> table, RawTable raw) {
    RawTable told = super.upgraded(table, raw);
    return table.is(Tables.EFFECTS)
        ? told.renamed(FAILED, FAILURES)
        : table.is(Tables.SUMMARY) ? retried(table, REQUESTS_RETRIED, told) : told;
  }

  private static RawTable retried(Table<?> table, String column, RawTable raw) {
    return raw.isEarlier(table) ? raw.orWith(column, NEVER) : raw;
  }

  @Override
  public RawTable upgraded(Table<?> table, RawTable raw, CellId cell, int number) {
    return table.is(Tables.PODS_OVER_TIME) ? retried(table, RETRIED, raw) : raw;
  }
}
