package dev.conntrail.cli;

import dev.conntrail.analysis.theory.PoolSize;
import dev.conntrail.result.Json;
import dev.conntrail.spec.Recycling;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says which age, jitter and pool size spread connections, and what they cost. */
@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    description = {
      "Which maximum age, jitter and pool size balance long-lived connections after a scale-out, what do they cost, and how sure is that?",
      "For connections whose pod is drawn when they are made, as by kube-proxy's iptables and nftables rules. Needs no root, no run and no file."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail tune --pods 10 --connections 40 --scale-to 15 --balanced-within 60s",
      "  conntrail tune --pods 3 --connections 200 --clients 20 --scale-to 6",
      "                 --balanced-within 5m --imbalance 1.3 --sure 0.99 --json"
    })
final class TuneCommand implements Runnable {
  private static final int MOST_PODS = 1000;
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final double MOST_IMBALANCE = 100;
  private static final double MOST_SURE = 0.9999;
  private static final double LEAST_SURE = 0.5;
  private static final double MOST_JITTER = 0.9;

  @Spec private CommandSpec spec;

  @Option(
      names = "--pods",
      paramLabel = "N",
      required = true,
      description = "Pods before the scale-out.")
  private int pods;

  @Option(
      names = "--connections",
      paramLabel = "N",
      required = true,
      description = "Long-lived connections of all clients.")
  private int connections;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description =
          "Clients that these connections belong to, as many each (default: one connection each).")
  private Integer clients;

  @Option(
      names = "--scale-to",
      paramLabel = "N",
      required = true,
      description = "Pods after the scale-out.")
  private int scaleTo;

  @Option(
      names = "--balanced-within",
      paramLabel = "TIME",
      converter = Durations.class,
      required = true,
      description = "The time in which all connections are to be opened anew, such as 60s or 5m.")
  private Duration within;

  @Option(
      names = "--imbalance",
      paramLabel = "RATIO",
      defaultValue = "2",
      description =
          "The bound: most that the busiest pod may have over the mean (default: ${DEFAULT-VALUE}).")
  private double imbalance;

  @Option(
      names = "--sure",
      paramLabel = "P",
      defaultValue = "0.95",
      description =
          "How often the bound is to hold with a larger pool (default: ${DEFAULT-VALUE}).")
  private double sure;

  @Option(
      names = "--jitter",
      paramLabel = "SHARE",
      defaultValue = "" + Recycling.USUAL_PCT / 100.0,
      description =
          "Jitter of Envoy and Reactor Netty as a share of the age, as percent of a cure; gRPC has its own (default: ${DEFAULT-VALUE}).")
  private double jitter;

  @Option(
      names = "--json",
      description = "Print one JSON object, whose fields results/README.md explains.")
  private boolean json;

  @Override
  public void run() {
    TuneAnswer answer = TuneAnswer.of(asked());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.answer(answer));
    } else {
      TuneText.lines(answer).forEach(out::println);
    }
    out.flush();
  }

  private TuneAnswer.Asked asked() {
    whole("--pods", pods, 1, MOST_PODS - 1);
    whole("--scale-to", scaleTo, pods + 1, MOST_PODS);
    whole("--connections", connections, 1, PoolSize.MOST_CONNECTIONS);
    int each = clients == null ? connections : clients;
    whole("--clients", each, 1, connections);
    if (connections % each != 0) {
      throw refused(
          "--clients: found %d for %d connections; allowed: as many connections each"
              .formatted(each, connections));
    }
    if (within.compareTo(SHORTEST) < 0 || within.compareTo(LONGEST) > 0) {
      throw refused(
          "--balanced-within: found %d ms; allowed: 1s to 24h".formatted(within.toMillis()));
    }
    if (!(imbalance > 1 && imbalance <= MOST_IMBALANCE)) {
      throw refused("--imbalance: found %s; allowed: above 1, up to 100".formatted(imbalance));
    }
    share("--sure", sure, LEAST_SURE, MOST_SURE);
    share("--jitter", jitter, 0, MOST_JITTER);
    return new TuneAnswer.Asked(
        pods, scaleTo, each, connections, within.toMillis() / 1e3, imbalance, sure, jitter);
  }

  private static void whole(String option, int found, int from, int to) {
    if (found < from || found > to) {
      throw refused(
          "%s: found %d; allowed: a whole number from %d to %d".formatted(option, found, from, to));
    }
  }

  private static void share(String option, double found, double from, double to) {
    if (!(found >= from && found <= to)) {
      throw refused("%s: found %s; allowed: %s to %s".formatted(option, found, from, to));
    }
  }

  private static IllegalArgumentException refused(String message) {
    return new IllegalArgumentException(message);
  }
}
