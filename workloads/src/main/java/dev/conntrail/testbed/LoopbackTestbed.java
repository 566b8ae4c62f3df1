package dev.conntrail.testbed;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Pods are ports of 127.0.0.1. Needs nothing, has no rules. */
public final class LoopbackTestbed implements LocalTestbed {
  private static final String ADDRESS = "127.0.0.1";
  private static final String NODE = "node-1";

  private final List<Place> pods;
  private final List<Place> clients;
  private final List<Place> proxies;

  public LoopbackTestbed(TestbedSize size) {
    this.pods =
        IntStream.rangeClosed(1, size.pods())
            .mapToObj(i -> new Place("pod-" + i, Place.Role.POD, NODE, ADDRESS, ""))
            .toList();
    this.clients =
        IntStream.rangeClosed(1, size.clients())
            .mapToObj(i -> new Place("client-" + i, Place.Role.CLIENT, NODE, ADDRESS, ""))
            .toList();
    this.proxies =
        IntStream.rangeClosed(1, size.proxies())
            .mapToObj(i -> new Place("proxy-" + i, Place.Role.PROXY, NODE, ADDRESS, ""))
            .toList();
  }

  @Override
  public List<Place> pods() {
    return pods;
  }

  @Override
  public List<Place> clients() {
    return clients;
  }

  @Override
  public List<Place> proxies() {
    return proxies;
  }

  @Override
  public List<Place> dns() {
    return List.of();
  }

  @Override
  public List<Place> nodes() {
    return List.of(new Place(NODE, Place.Role.NODE, NODE, ADDRESS, ""));
  }

  @Override
  public boolean hasTables() {
    return false;
  }

  @Override
  public Place echoPlace() {
    return node();
  }

  @Override
  public List<String> inside(Place place, List<String> command) {
    return new ArrayList<>(command);
  }

  @Override
  public void silence(Place pod) {
    throw new TestbedException("on loopback no pod has packets of its own");
  }

  @Override
  public void unsilence(Place pod) {
    // none was silent
  }

  @Override
  public void close() {
    // nothing was made
  }
}
