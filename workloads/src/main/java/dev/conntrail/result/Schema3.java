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
    return table.is(Tables.EFFECTS)
        ? raw.renamed(FAILED, FAILURES)
        : table.is(Tables.SUMMARY) ? retried(table, REQUESTS_RETRIED, raw) : raw;
  }

  /** What has other columns than a table has now is no earlier version, but damage. */
  static RawTable retried(Table<?> table, String column, RawTable raw) {
    return raw.has(column) || !Csv.columns(table.type()).containsAll(raw.header())
        ? raw
        : raw.with(column, _ -> NEVER);
  }

  @Override
  public RawTable upgraded(Table<?> table, RawTable raw, CellId cell, int number) {
    return table.is(Tables.PODS_OVER_TIME) ? retried(table, RETRIED, raw) : raw;
  }
}
