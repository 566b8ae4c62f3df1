package dev.conntrail.experiment;

import dev.conntrail.dataplane.Endpoint;
import dev.conntrail.dataplane.ServicePort;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.EchoPort;
import dev.conntrail.testbed.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The endpoints of the Service with their conditions, as EndpointSlices have them and kube-proxy
 * sees them ({@code BaseEndpointInfo}, {@code pkg/proxy/endpoint.go}): ready, or serving while it
 * terminates, or none of it.
 */
final class ServiceEndpoints {
  /** What becomes of endpoints. */
  enum Change {
    /** They are ready. */
    JOIN,
    /** Their pods were told to end, and serve until their processes accept no more. */
    TERMINATE,
    /** They serve no more. */
    LEAVE
  }

  /** Pods that were ready, while rules may still lead to them. */
  private record Going(List<Place> pods, Steps steps) {}

  private final List<Place> ready;
  private final List<Place> terminating = new ArrayList<>();
  private final List<Going> going = new ArrayList<>();

  private final UnaryOperator<List<Place>> front;
  private final int affinityS;
  private final boolean sameZone;

  /**
   * All are ready.
   *
   * @param cell whose affinity and traffic distribution the Service has
   * @param front whose addresses rules have for them
   */
  ServiceEndpoints(Cell cell, List<Place> ready, UnaryOperator<List<Place>> front) {
    this.ready = new ArrayList<>(ready);
    this.front = front;
    this.affinityS =
        cell.cure().affinity().map(a -> Math.toIntExact(a.timeout().toSeconds())).orElse(0);
    this.sameZone = cell.cure().sameZone();
  }

  /** Those that are ready. */
  synchronized List<Place> ready() {
    return List.copyOf(ready);
  }

  /**
   * Those that rules lead to: ready ones; where none is, those that serve while they terminate
   * ({@code CategorizeEndpoints}, {@code pkg/proxy/topology.go}).
   */
  synchronized List<Place> used() {
    return List.copyOf(ready.isEmpty() ? terminating : ready);
  }

  /**
   * Something becomes of some.
   *
   * @param steps notes when rules lead to them no more
   */
  synchronized void apply(Change change, List<Place> pods, Steps steps) {
    List<Place> were = new ArrayList<>(pods);
    were.retainAll(ready);
    switch (change) {
      case JOIN -> {
        terminating.removeAll(pods);
        ready.addAll(pods);
      }
      case TERMINATE -> {
        ready.removeAll(pods);
        terminating.addAll(were);
      }
      case LEAVE -> {
        ready.removeAll(pods);
        terminating.removeAll(pods);
      }
    }
    if (change != Change.JOIN && !were.isEmpty()) {
      going.add(new Going(were, steps));
    }
  }

  /**
   * Notes who has left for the first time, once rules have followed all changes.
   *
   * @param begunNs when they began to
   */
  void noteLeft(long begunNs) {
    for (Going left : takeLeft()) {
      left.steps().done(EventStep.LEFT, left.pods(), begunNs);
    }
  }

  private synchronized List<Going> takeLeft() {
    List<Going> all = new ArrayList<>();
    for (Going g : List.copyOf(going)) {
      List<Place> left = g.pods().stream().filter(p -> !used().contains(p)).toList();
      g.pods().removeAll(left);
      if (!left.isEmpty()) {
        all.add(new Going(left, g.steps()));
      }
    }
    going.removeIf(g -> g.pods().isEmpty());
    return all;
  }

  /** The Service as kube-proxy sees it, with its ports; each node is a zone of its own. */
  synchronized List<ServicePort> services() {
    List<Place> shown = front.apply(Stream.concat(ready.stream(), terminating.stream()).toList());
    return Arrays.stream(EchoPort.values()).map(port -> port(port, shown)).toList();
  }

  private ServicePort port(EchoPort port, List<Place> shown) {
    return new ServicePort(
        "default",
        "echo",
        port.word(),
        "TCP",
        ServiceRules.IP,
        port.ofService(),
        0,
        List.of(),
        List.of(),
        List.of(),
        affinityS,
        0,
        false,
        false,
        shown.stream().map(pod -> endpoint(pod, port.ofPods())).toList());
  }

  private Endpoint endpoint(Place pod, int port) {
    if (terminating.contains(pod)) {
      return Endpoint.terminating(pod.address(), port, pod.node());
    }
    Endpoint is = Endpoint.ready(pod.address(), port, pod.node());
    return sameZone ? is.forZone(pod.node()) : is;
  }
}
