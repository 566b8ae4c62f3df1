package dev.conntrail.report.section;

import dev.conntrail.result.CellResults;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Pooling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Names of some cells that say no more than what tells them apart. */
final class CellNames {
  private CellNames() {}

  /** A name for each, the data plane first. */
  static List<String> of(List<CellResults> cells) {
    List<Function<Cell, String>> parts =
        List.of(
            c ->
                c.connections()
                    + (c.pooling() == Pooling.SHARED ? " callers, shared" : " connections"),
            c -> c.load() instanceof LoadModel.Closed ? "closed loop" : c.load().word() + "/s",
            c -> c.clients() + (c.clients() == 1 ? " client" : " clients"),
            c -> c.pods() + (c.pods() == 1 ? " pod" : " pods"),
            c -> c.traffic().opening() == Opening.SPREAD ? "one after the other" : "at once");
    List<Function<Cell, String>> telling =
        parts.stream()
            .filter(p -> cells.stream().map(c -> p.apply(c.cell())).distinct().count() > 1)
            .toList();
    Map<String, Integer> seen = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    for (CellResults c : cells) {
      List<String> name = new ArrayList<>(List.of(c.cell().variant()));
      telling.forEach(p -> name.add(p.apply(c.cell())));
      String text = String.join(", ", name);
      names.add(seen.merge(text, 1, Integer::sum) > 1 ? text + " (#" + c.number() + ")" : text);
    }
    return names;
  }
}
