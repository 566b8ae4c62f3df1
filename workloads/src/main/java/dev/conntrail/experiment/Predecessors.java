package dev.conntrail.experiment;

import dev.conntrail.result.KilledRuns;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.kube.KindRegistry;
import java.io.IOException;
import java.nio.file.Path;

/** What earlier runs left: those that were killed, and earlier versions. */
final class Predecessors {
  private Predecessors() {}

  /** Deals with it, and says what was done. */
  static void clear(TestbedKind testbed, Path results, Progress progress) throws IOException {
    TestbedRegistry.clearKilled().forEach(progress::say);
    if (testbed.containers()) {
      KindRegistry.clearKilled().forEach(progress::say);
    }
    KilledRuns.clear(results, WriterLock::held).forEach(progress::say);
    new RunFolder(results)
        .setAside(Tables.INDEX)
        .ifPresent(old ->
            progress.say(
                Tables.INDEX.file()
                    + " has the columns of an earlier version: it is kept as "
                    + old.getFileName()
                    + ", and a new one begun"));
  }
}
