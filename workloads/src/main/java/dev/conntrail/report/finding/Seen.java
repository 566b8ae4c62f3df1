package dev.conntrail.report.finding;

import dev.conntrail.analysis.around.Around;
import dev.conntrail.analysis.around.PodsCpu;
import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.NewPodRow;
import dev.conntrail.result.row.RecoveryRow;
import dev.conntrail.result.row.Window;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.Protocol;
import java.util.List;

/**
 * What was seen around an occurrence, in all its repetitions.
 *
 * @param protocol what its connections speak
 * @param windows a row a repetition and window
 * @param newPods a row a repetition and pod that joined
 * @param recoveries a row a repetition
 * @param cpu that of pods, a repetition each in which every pod is a process
 */
public record Seen(
    Protocol protocol,
    List<AroundRow> windows,
    List<NewPodRow> newPods,
    List<RecoveryRow> recoveries,
    List<PodsCpu> cpu) {
  private record Key(At at, EventKind event, double askedMs) {}

  /** Of one; nothing where pods were not counted over time. */
  public static Seen of(Around around, Occurrence o) {
    List<Key> keys = o.each().stream().flatMap(e -> e.event().stream()).map(Seen::key).toList();
    return new Seen(
        o.cell().cell().protocol(),
        around.windows().stream()
            .filter(w -> keys.contains(new Key(w.at(), w.event(), w.askedMs())))
            .toList(),
        around.newPods().stream()
            .filter(p -> keys.contains(new Key(p.at(), p.event(), p.askedMs())))
            .toList(),
        around.recoveries().stream()
            .filter(r -> keys.contains(new Key(r.at(), r.event(), r.askedMs())))
            .toList(),
        PodsCpu.of(o.cell()));
  }

  private static Key key(EventRow e) {
    return new Key(e.at(), e.event(), e.askedMs());
  }

  /** Those of one window. */
  public List<AroundRow> windows(Window which) {
    return windows.stream().filter(w -> w.window() == which).toList();
  }
}
