package dev.conntrail.result.row;

import dev.conntrail.spec.EventKind;
import java.util.List;

/** {@code events.csv}: what was done to the Service, its pods and nodes while load ran. */
public record EventRow(
    @Inline At at,
    EventKind event,
    EventStep step,
    int podsCount,
    double askedMs,
    double begunMs,
    double doneMs,
    List<String> pods,
    int endpointsCount) {
  /** Whether endpoints came. */
  public boolean adds() {
    return step == EventStep.JOINED;
  }

  /** Whether endpoints left. */
  public boolean removes() {
    return step == EventStep.LEFT;
  }
}
