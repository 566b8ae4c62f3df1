package dev.conntrail.spec;

/**
 * What clients do.
 *
 * @param protocol what is spoken
 * @param pooling how callers get their connections
 * @param opening when long-lived connections are opened
 * @param keepAlive what is sent on idle connections
 * @param connections concurrent connections (callers, when the pool is shared), over all clients
 * @param clients client pods, each with its own load process
 * @param load when requests are due
 */
public record Traffic(
    Protocol protocol,
    Pooling pooling,
    Opening opening,
    KeepAlive keepAlive,
    int connections,
    int clients,
    LoadModel load) {
  /** What an experiment has that names nothing. */
  public static final Traffic DEFAULT =
      new Traffic(
          Protocol.HTTP1,
          Pooling.DEDICATED,
          Opening.AT_ONCE,
          KeepAlive.NONE,
          100,
          1,
          new LoadModel.Closed());

  public Traffic with(Protocol other) {
    return new Traffic(other, pooling, opening, keepAlive, connections, clients, load);
  }

  public Traffic with(Pooling other) {
    return new Traffic(protocol, other, opening, keepAlive, connections, clients, load);
  }

  public Traffic with(Opening other) {
    return new Traffic(protocol, pooling, other, keepAlive, connections, clients, load);
  }

  public Traffic with(KeepAlive other) {
    return new Traffic(protocol, pooling, opening, other, connections, clients, load);
  }

  public Traffic withConnections(int other) {
    return new Traffic(protocol, pooling, opening, keepAlive, other, clients, load);
  }

  public Traffic withClients(int other) {
    return new Traffic(protocol, pooling, opening, keepAlive, connections, other, load);
  }

  public Traffic with(LoadModel other) {
    return new Traffic(protocol, pooling, opening, keepAlive, connections, clients, other);
  }
}
