package dev.conntrail.spec;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A data plane with what is set of it alone: what cells that stand side by side differ in.
 *
 * @param plane the data plane
 * @param settings those that mean nothing to other data planes, as far as they are set
 */
public record Variant(Plane plane, Map<Setting, Integer> settings) {
  public Variant {
    settings = new Settings(settings).numbers();
  }

  /** The words a person would use: "ipvs-rr, conn-reuse-mode 0". */
  public String text() {
    return Stream.concat(
            Stream.of(plane.word()),
            settings.entrySet().stream().map(e -> e.getKey().phrase(e.getValue())))
        .collect(Collectors.joining(", "));
  }
}
