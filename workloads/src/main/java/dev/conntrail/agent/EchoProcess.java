package dev.conntrail.agent;

import dev.conntrail.result.Csv;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.EchoPort;
import dev.conntrail.spec.Protocol;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process of the backends.
 *
 * @param pods those that it serves
 */
record EchoProcess(Remote remote, List<Served> pods) {
  /** A pod and where it listens. */
  record Served(Place place, int httpPort, int grpcPort) {
    String address(Protocol protocol) {
      return place.address() + ":" + (protocol.grpc() ? grpcPort : httpPort);
    }
  }

  /**
   * Has a process serve pods, or closes it.
   *
   * @param places of the pods
   * @param asked how each is served; none where the process knows
   */
  static EchoProcess of(Remote remote, List<Place> places, List<EchoPod> asked) {
    try {
      List<EchoPod> serving =
          remote.ask(new Order.Serve(asked), Answer.Serving.class, Echo.LIMIT).pods();
      List<Served> pods = new ArrayList<>();
      for (Place place : places) {
        EchoPod pod =
            serving.stream()
                .filter(p -> p.name().equals(place.name()))
                .findFirst()
                .orElseThrow(
                    () -> new TestbedException("the echo process does not serve " + place.name()));
        pods.add(new Served(place, pod.httpPort(), pod.grpcPort()));
      }
      return new EchoProcess(remote, pods);
    } catch (RuntimeException e) {
      remote.close();
      throw e;
    }
  }

  /**
   * How a pod of this machine is served.
   *
   * @param delay of each answer; zero for at once
   */
  static EchoPod asked(Place pod, Duration delay) {
    boolean own = !pod.netns().isEmpty();
    return new EchoPod(
        pod.name(),
        pod.node(),
        pod.address(),
        own ? EchoPort.HTTP.ofPods() : 0,
        own ? EchoPort.GRPC.ofPods() : 0,
        pod.netnsFile(),
        delay);
  }

  /** Asks for what its pods counted since the last time; a folder to unpack that in. */
  List<EchoCount> counts(Path folder) throws IOException {
    return counts(remote.ask(new Order.Take(), Answer.Files.class, Echo.LIMIT), folder);
  }

  /** What its pods counted, as it was said. */
  static List<EchoCount> counts(Answer.Files files, Path folder) throws IOException {
    return files.read(folder, own -> Csv.read(own.resolve(EchoAgent.COUNTS), EchoCount.class));
  }

  /** The names of its pods. */
  Stream<String> names() {
    return pods.stream().map(p -> p.place().name());
  }
}
