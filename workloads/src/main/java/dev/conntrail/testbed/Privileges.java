package dev.conntrail.testbed;

import java.util.List;
import java.util.Optional;

/**
 * What root may do here: in a container without {@code --privileged} it may not make namespaces,
 * mounts or rules, and sees its sysctls read-only.
 */
public final class Privileges {
  /** How root gets them. */
  public static final String MEND =
      "in a container, `docker run --privileged`; or take testbed loopback";

  private static final List<String> TRIAL =
      List.of("unshare", "--net", "--mount", "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");

  private Privileges() {}

  /**
   * What root is refused, in its own words; empty if nothing is. Tried for real, in namespaces that
   * are gone at once.
   *
   * @throws TestbedException if the program unshare is not there
   */
  public static Optional<String> refused() {
    Programs.Done done = Programs.attempt(TRIAL, "", Programs.SHORT);
    return done.exitCode() == 0 ? Optional.empty() : Optional.of(done.err().strip());
  }
}
