package dev.conntrail.spec;

/** How a pod is chosen for a new connection: by chance, or by a law that can be checked. */
public enum PodChoice implements Named {
  /**
   * Each pod as likely as any other, each connection for itself: kube-proxy's random choice, or, as
   * good as that, a hash of the client's port.
   */
  DRAW("draw"),
  /** The same among the pods of the client's zone; where that has none, among all. */
  ZONE_DRAW("zone-draw"),
  /** The client takes the pods' own addresses in turn. */
  CLIENT_IN_TURN("client-in-turn"),
  /** Each node takes pods in turn. */
  NODE_IN_TURN("node-in-turn"),
  /** Each node takes a pod that has fewest connections, those that are being opened included. */
  LEAST_CONNECTIONS("least-connections"),
  /** Each node takes a pod that has fewest established connections. */
  LEAST_ACTIVE("least-active"),
  /** A hash of the client's address: all connections of a client go to one pod. */
  CLIENT_HASH("client-hash"),
  /** A hash of the Service's address: all connections go to one pod. */
  SERVICE_HASH("service-hash"),
  /** The Service's rules remember the pod that a client's address drew first. */
  CLIENT_PINNED("client-pinned"),
  /** Each client takes the first pod of a list that all know alike: all go to one pod. */
  CLIENT_FIRST("client-first"),
  /** The client picks among the pods that it knows, by a {@link Policy} of its own. */
  CLIENT_BALANCED("client-balanced"),
  /** A proxy chooses, by a {@link ProxyPolicy}: for each request, where a request stands alone. */
  PROXY("proxy");

  private final String word;

  PodChoice(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
