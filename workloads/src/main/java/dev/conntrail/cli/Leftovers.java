package dev.conntrail.cli;

import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.kube.KindRegistry;
import java.util.List;
import java.util.stream.Stream;

/** What this process would leave on the machine if it ended now, and how to clear each. */
final class Leftovers {
  private Leftovers() {}

  static List<String> lines() {
    return Stream.concat(
            TestbedRegistry.own().stream()
                .map(e ->
                    e.namespaces().size()
                        + " namespaces of run "
                        + e.run()
                        + ": `conntrail testbed down`, or the next run, removes them"),
            KindRegistry.own().stream()
                .map(name ->
                    "the kind cluster "
                        + name
                        + ": `conntrail testbed down`, or the next run on kind, deletes it"))
        .toList();
  }
}
