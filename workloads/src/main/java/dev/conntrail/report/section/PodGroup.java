package dev.conntrail.report.section;

import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.EventRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of a pod while the Service changed. */
enum PodGroup {
  /** It was in the Service all along. */
  STAYED("there all along", 0, "none"),
  /** It was added. */
  CAME("came", 1, "8 3"),
  /** It was taken out. */
  LEFT("left", 5, "2 2"),
  /** It was taken out, and added again. */
  BACK("left and came back", 2, "8 3 2 3");

  private final String word;
  private final int colour;
  private final String dash;

  PodGroup(String word, int colour, String dash) {
    this.word = word;
    this.colour = colour;
    this.dash = dash;
  }

  /** As a line. */
  LineGroup line() {
    return new LineGroup(List.of(values()).indexOf(this), word, colour, dash);
  }

  /** The group of each pod of a repetition, by name. */
  static Map<String, PodGroup> of(RepetitionResults r) {
    Map<String, PodGroup> groups = new LinkedHashMap<>();
    r.pods().forEach(p -> groups.put(p.pod(), STAYED));
    for (EventRow event : r.events()) {
      for (String pod : event.adds() || event.removes() ? event.pods() : List.<String>of()) {
        PodGroup before = groups.getOrDefault(pod, STAYED);
        groups.put(pod, event.adds() ? before == LEFT ? BACK : CAME : LEFT);
      }
    }
    return groups;
  }
}
