package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.agent.Echo;
import dev.conntrail.agent.Load;
import dev.conntrail.analysis.Leg;
import dev.conntrail.proxy.Passed;
import dev.conntrail.proxy.ProxyCounts;
import dev.conntrail.proxy.ProxyWitness;
import dev.conntrail.result.row.At;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.testbed.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LegsTest {
  private static final Place POD =
      new Place("pod-1", Place.Role.POD, "node-1", "10.244.1.1", "pod-1");
  private static final Place CLIENT =
      new Place("client-1", Place.Role.CLIENT, "node-1", "10.244.200.1", "client-1");
  private static final Place PROXY =
      new Place("proxy-1", Place.Role.PROXY, "node-1", "10.244.201.1", "proxy-1");
  private static final Cell CELL =
      ExperimentReader.parse(
              "f.yaml",
              """
              experiment: x
              matrix: [{data-plane: direct, protocol: http1, cure: haproxy-roundrobin, pods: 1}]
              """)
          .cells()
          .getFirst();

  /** What clients have no reply to on the way to the pods, of requests of which so many are cut. */
  private static List<Long> unanswered(long ofClients, int cut) {
    Stream<Passed> passed =
        Stream.concat(Stream.of(true), Stream.generate(() -> false).limit(cut))
            .map(answered ->
                new Passed(
                    "10.244.200.1:1026", "10.244.201.1:2001", Optional.of("pod-1"), answered));
    ProxyWitness witness =
        new ProxyWitness(
            new ProxyCounts(1, 1, 0, List.of(new ProxyCounts.OfPod("pod-1", 1, 1, 0))),
            passed.toList(),
            true);
    Witnessed seen =
        new Witnessed(
            CELL,
            new At("ct0a1b2c", CELL.id(), 1),
            List.of(POD),
            List.of(CLIENT),
            new Load.Outcome(Map.of(), 0, 0),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            new Stage.Helpers(List.of(new Stage.ProxyView(PROXY, witness)), Map.of()),
            Witnessed.Processes.of(List.of(), List.of()),
            new Echo.Counted(List.of(), Set.of(), Set.of()));
    return new Legs(seen, List.of()).all(ofClients).stream().map(Leg::unanswered).toList();
  }

  /** A client whose request a proxy has no answer to has none either: that is one request. */
  @Test
  void aRequestThatAProxyHasNoAnswerToIsItsClients() {
    assertThat(unanswered(3, 2)).containsExactly(3L, 3L);
    assertThat(unanswered(0, 0)).containsExactly(0L, 0L);
  }

  /** That of a client that was lost nobody tells but the proxy. */
  @Test
  void aProxyMayHaveNoAnswerToMoreThanClientsTell() {
    assertThat(unanswered(1, 2)).containsExactly(1L, 2L);
  }
}
