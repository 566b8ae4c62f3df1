package dev.conntrail.agent;

import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Target;
import java.util.List;

/**
 * What a timer process is told for one load of rules.
 *
 * @param seed of the order of targets, and of what is drawn of them
 * @param cpu where client and server both run
 * @param clientNetns the namespace that connects
 * @param servers who listens
 * @param targets what is connected to in turn; differences are against the first
 * @param rounds how often, each with figures of its own
 * @param connects to each target in a round
 * @param warmup connects to each target before the first round
 */
public record TimerPlan(
    long seed,
    int cpu,
    String clientNetns,
    List<Server> servers,
    List<Aim> targets,
    int rounds,
    int connects,
    int warmup) {
  /** A listening socket. */
  public record Server(String netns, String address, int port) {}

  /**
   * Something to connect to, with its word in the results.
   *
   * @param addresses of which each connect draws one
   */
  public record Aim(Target name, List<String> addresses, int port) {}

  /**
   * What a timer process answers, one of many.
   *
   * @param packet the first is a connect, an established one a byte on an open connection
   * @param clockNs smallest step of the clock that was seen
   * @param pairedP50Ns median of the differences to the first target, sample by sample
   */
  public record Timed(
      int round,
      Packet packet,
      Target target,
      int samples,
      double clockNs,
      double minNs,
      double p25Ns,
      double p50Ns,
      double pairedP50Ns) {}
}
