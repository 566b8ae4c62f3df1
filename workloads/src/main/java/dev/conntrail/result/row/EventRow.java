package dev.conntrail.result.row;

import dev.conntrail.spec.Change;
import java.util.List;

/** {@code events.csv}: what was changed of a Service while load ran. */
public record EventRow(
    @Inline At at,
    Change.Kind event,
    int podsCount,
    double askedMs,
    double begunMs,
    double doneMs,
    List<String> pods,
    int endpointsCount) {
  /** Whether pods came. */
  public boolean adds() {
    return event == Change.Kind.ADD;
  }
}
