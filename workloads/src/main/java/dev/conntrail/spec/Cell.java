package dev.conntrail.spec;

/**
 * One point of the sweep.
 *
 * @param dataPlane what spreads connections
 * @param backend the iptables backend asked for; {@link IptablesBackend#AUTO} for other data planes
 * @param protocol what is spoken
 * @param pooling how callers get their connections
 * @param connections concurrent connections (callers, when the pool is shared), over all clients
 * @param pods pods behind the Service
 * @param clients client pods, each with its own load process
 * @param load when requests are due
 */
public record Cell(
    DataPlane dataPlane,
    IptablesBackend backend,
    Protocol protocol,
    Pooling pooling,
    int connections,
    int pods,
    int clients,
    LoadModel load) {

  /** A name that is a path: {@code k=v} joined by {@code _}, all axes, in a fixed order. */
  public String id() {
    return "data-plane="
        + dataPlaneWord()
        + "_protocol="
        + protocol.word()
        + "_pooling="
        + pooling.word()
        + "_connections="
        + connections
        + "_pods="
        + pods
        + "_clients="
        + clients
        + "_rate="
        + load.word();
  }

  /** The same cell with whatever iptables backend there is. */
  public Cell anyBackend() {
    return new Cell(
        dataPlane, IptablesBackend.AUTO, protocol, pooling, connections, pods, clients, load);
  }

  /** The data plane, with the backend where one was asked for: {@code iptables-legacy}. */
  public String dataPlaneWord() {
    return backend == IptablesBackend.AUTO
        ? dataPlane.word()
        : dataPlane.word() + "-" + backend.word();
  }

  /** The words a person would use: "iptables, http1, 100 connections". */
  public String title() {
    return dataPlaneWord()
        + ", "
        + protocol.word()
        + (pooling == Pooling.SHARED ? " (one shared client)" : "")
        + ", "
        + connections
        + (pooling == Pooling.SHARED
            ? " callers"
            : protocol.longLived() ? " connections" : " callers");
  }

  /** Connections of one client; the first clients take the remainder. */
  public int connectionsOf(int client) {
    return connections / clients + (client < connections % clients ? 1 : 0);
  }
}
