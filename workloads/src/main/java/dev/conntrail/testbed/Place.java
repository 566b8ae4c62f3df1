package dev.conntrail.testbed;

/**
 * Somewhere to run a program.
 *
 * @param name pod-1, client-1, node-1
 * @param role what it is for
 * @param node the node it is on
 * @param address its IP
 * @param netns its network namespace; empty for the machine's own
 */
public record Place(String name, Role role, String node, String address, String netns) {
  private static final String SIDECAR_OF = "sidecar-of-";

  /** What a place is for. */
  public enum Role {
    NODE,
    POD,
    CLIENT,
    /** Where a proxy runs that stands between clients and pods. */
    PROXY,
    /** Where a client's own proxy runs: in the client's namespace (or pod), at its address. */
    SIDECAR,
    /** Where a DNS server runs. */
    DNS,
    /** An empty namespace, for a process that opens sockets elsewhere: a slip fails closed. */
    VOID,
    /** The world outside the cluster. */
    OUTSIDE
  }

  /** Where the proxy of a client runs that nobody else uses. */
  public Place sidecar() {
    return new Place(SIDECAR_OF + name, Role.SIDECAR, node, address, netns);
  }

  /** The name of the client whose proxy runs here. */
  public String beside() {
    return name.substring(SIDECAR_OF.length());
  }

  /** The file of its namespace; empty for the machine's own. */
  public String netnsFile() {
    return netns.isEmpty() ? "" : "/run/netns/" + netns;
  }
}
