package dev.conntrail.cli;

import dev.conntrail.experiment.AtHand;
import dev.conntrail.result.RunResults;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The option that makes a run comparable with one of a cluster. */
final class LikeMixin {
  static final String LIKE = "--like";

  @Option(
      names = LIKE,
      paramLabel = "DIR",
      description =
          "netns, uml: load the rules of the kube-proxy that the run in this result folder had, whatever cells ask for, so that both can be compared.")
  private Path like;

  /**
   * What is at hand, with those rules.
   *
   * @throws IllegalArgumentException if the folder does not say which they are
   */
  AtHand rules(AtHand here) {
    if (like == null) {
      return here;
    }
    if (here.testbeds().keySet().stream().noneMatch(TestbedKind::loadsRules)) {
      throw new IllegalArgumentException(
          LIKE
              + ": found on testbed "
              + here.testbeds().keySet().iterator().next().word()
              + ", where a run loads no rules; allowed on netns, uml and auto; mend: leave it out");
    }
    return here.like(version());
  }

  private KubeProxy version() {
    Set<KubeProxy> found = new TreeSet<>();
    try {
      RunResults.read(ResultFolder.require(like)).cells().stream()
          .map(c -> c.cell())
          .filter(Axes.KUBE_PROXY::appliesTo)
          .map(Cell::kubeProxy)
          .forEach(found::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          LIKE
              + " "
              + like
              + ": found "
              + (found.isEmpty()
                  ? "no cell of mode nftables, in which alone versions of kube-proxy differ"
                  : found.stream().map(KubeProxy::word).collect(Collectors.joining(" and ")))
              + "; name one with the axis kube-proxy instead");
    }
    return found.iterator().next();
  }
}
