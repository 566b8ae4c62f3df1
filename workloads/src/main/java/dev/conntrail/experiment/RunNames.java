package dev.conntrail.experiment;

import dev.conntrail.spec.TestbedKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;

/** Names of result folders: when, what, where, and by which state of this program. */
final class RunNames {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private RunNames() {}

  /** The name of what began at a time. */
  static String of(Instant started, String what, List<TestbedKind> testbeds) {
    return String.join(
        "_",
        STAMP.format(started),
        what,
        testbeds.stream().map(TestbedKind::word).collect(Collectors.joining("+")),
        EnvironmentProbe.git());
  }
}
