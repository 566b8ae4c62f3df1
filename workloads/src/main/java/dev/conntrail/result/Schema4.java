package dev.conntrail.result;

import java.io.IOException;

/** The layout before what became of requests that were due was told apart. */
class Schema4 extends Schema5 {
  /** Requests that were due and failed, or had no answer at the end. */
  static final String DUE_FAILED = "requests_due_failed_count";

  static final String DUE_UNANSWERED = "requests_due_unanswered_count";

  Schema4(RunFolder folder) throws IOException {
    super(folder);
  }

  @Override
  public RawTable upgraded(Table<?> table, RawTable raw) {
    return table.is(Tables.SUMMARY) && raw.isEarlier(table)
        ? raw.orMissing(DUE_FAILED).orMissing(DUE_UNANSWERED)
        : raw;
  }
}
