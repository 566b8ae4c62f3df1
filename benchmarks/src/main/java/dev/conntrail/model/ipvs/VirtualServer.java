package dev.conntrail.model.ipvs;

import java.util.ArrayList;
import java.util.List;

/**
 * A virtual server ({@code struct ip_vs_service}): a port of a Service with its real servers. New
 * real servers go to the head of the list ({@code __ip_vs_update_dest}), so a scheduler meets them
 * in the reverse order of their making.
 */
public final class VirtualServer {
  final int protocol;
  final int address;
  final int port;
  final int persistenceSeconds;
  final Scheduler scheduler;
  RealServer[] servers = new RealServer[0];
  VirtualServer next;
  int hashKey;

  /**
   * A virtual server without real servers; address in host order.
   *
   * @param persistenceSeconds how long a client stays; 0 for no persistence
   */
  public VirtualServer(
      int protocol, int address, int port, int persistenceSeconds, Scheduler scheduler) {
    this.protocol = protocol;
    this.address = address;
    this.port = port;
    this.persistenceSeconds = persistenceSeconds;
    this.scheduler = scheduler;
  }

  /** Real servers, in list order. */
  public List<RealServer> servers() {
    return List.of(servers);
  }

  /** Adds a real server at the head of the list. */
  public void add(RealServer server) {
    List<RealServer> list = new ArrayList<>(List.of(servers));
    list.addFirst(server);
    set(list);
    scheduler.added(this);
  }

  /** Removes a real server. */
  public void remove(RealServer server) {
    int at = List.of(servers).indexOf(server);
    List<RealServer> list = new ArrayList<>(List.of(servers));
    list.remove(server);
    server.available = false;
    set(list);
    scheduler.removed(this, at);
  }

  /** Gives a real server another weight. */
  public void weight(RealServer server, int weight) {
    server.weight = weight;
    scheduler.changed(this);
  }

  private void set(List<RealServer> list) {
    servers = list.toArray(RealServer[]::new);
  }
}
