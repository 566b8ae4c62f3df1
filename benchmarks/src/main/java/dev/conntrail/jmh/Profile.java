package dev.conntrail.jmh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** How much is measured. Each profile is a list of choices from the parameters, with its forks. */
public enum Profile {
  /** Under a minute: one fork, short iterations; its intervals are wide. What run-all.sh takes. */
  QUICK(1, 1, 3, 70),
  /** Under ten minutes: one fork; intervals tell modes apart, not percents. */
  DEFAULT(1, 2, 4, 300),
  /** Hours: every parameter, three forks, iterations of a second. */
  FULL(3, 3, 5, 1000);

  /** The just-in-time compiler needs as much, whatever the profile. */
  private static final int LEAST_WARMUP_MILLIS = 100;

  private static final String WALKED = "1,1000,4000,10000";
  private static final String HASHED = "1,100,1000,10000";

  private final int forks;
  private final int warmups;
  private final int measurements;
  private final int millis;

  Profile(int forks, int warmups, int measurements, int millis) {
    this.forks = forks;
    this.warmups = warmups;
    this.measurements = measurements;
    this.millis = millis;
  }

  /** The word of the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The profile of a word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Profile of(String word) {
    return Arrays.stream(values())
        .filter(p -> p.word().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "--profile: found "
                    + word
                    + "; allowed: "
                    + Arrays.stream(values())
                        .map(Profile::word)
                        .collect(Collectors.joining(", "))));
  }

  /** What to run, one after the other; what comes twice is merged ({@link Rounds}). */
  List<ChainedOptionsBuilder> runs() {
    List<ChainedOptionsBuilder> runs = new ArrayList<>();
    runs.add(run("HarnessBenchmark"));
    switch (this) {
      case QUICK -> quick(runs);
      case DEFAULT -> {
        rules(runs);
        tables(runs);
      }
      case FULL -> full(runs);
    }
    return runs;
  }

  private void quick(List<ChainedOptionsBuilder> runs) {
    runs.add(first("iptables,iptables-nft", WALKED, "last"));
    runs.add(first("nftables,ipvs", HASHED, "last"));
    runs.add(first("ipvs-256", HASHED, "any"));
    runs.add(first("nftables,ipvs", "10000", "any"));
    runs.add(established());
    runs.add(
        run("ConntrackBenchmark.lookup")
            .param("load", "1")
            .param("connections", "1000", "10000", "100000"));
    runs.add(run("IpvsConnectionBenchmark.lookup").param("connections", "1000", "100000"));
    // a second round of what growth is judged by: where a CPU has two speeds, or is shared, a
    // fork's figures are often all of the slower
    runs.add(first("iptables", WALKED, "last"));
    runs.add(first("nftables,ipvs", HASHED, "last"));
    runs.add(established());
  }

  /** Profile default, first packets: by Services, by target, by endpoints. */
  private void rules(List<ChainedOptionsBuilder> runs) {
    runs.add(first("iptables,iptables-nft", "1,10,100,1000,4000,10000", "last"));
    runs.add(first("iptables,iptables-nft", "1000,10000", "first,middle,miss"));
    runs.add(first("nftables,ipvs,ipvs-256", "1,10,100,1000,10000,30000", "last,any"));
    runs.add(first("nftables,ipvs", "10000", "first,middle,miss"));
    runs.add(
        run("FirstPacketBenchmark")
            .param("mode", "iptables", "nftables", "ipvs")
            .param("services", "100")
            .param("endpoints", "1", "10", "100")
            .param("target", "last"));
  }

  /** Profile default, the rest: tables of connections, schedulers, updates. */
  private void tables(List<ChainedOptionsBuilder> runs) {
    runs.add(established());
    runs.add(run("ConntrackBenchmark.lookup").param("load", "1"));
    runs.add(
        run("ConntrackBenchmark.lookup")
            .param("connections", "100000")
            .param("load", "0.5", "2", "4", "8"));
    runs.add(
        run("ConntrackBenchmark.(miss|insertAndExpire)")
            .param("connections", "100000")
            .param("load", "1", "4"));
    runs.add(
        run("IpvsConnectionBenchmark.lookup").param("connections", "1000", "100000", "1000000"));
    runs.add(run("FullTableBenchmark").param("connections", "10000"));
    runs.add(run("SchedulerBenchmark").param("endpoints", "10", "100"));
    runs.add(run("UpdateBenchmark").param("services", "100", "1000", "10000"));
    runs.add(run("SharedTableBenchmark"));
    runs.add(established());
  }

  private void full(List<ChainedOptionsBuilder> runs) {
    runs.add(run("FirstPacketBenchmark"));
    runs.add(
        run("FirstPacketBenchmark")
            .param("services", "1", "1000")
            .param("endpoints", "1", "10", "100")
            .param("target", "last"));
    for (String all :
        List.of(
            "EstablishedPacketBenchmark",
            "ConntrackBenchmark",
            "IpvsConnectionBenchmark",
            "FullTableBenchmark",
            "SchedulerBenchmark",
            "UpdateBenchmark",
            "SharedTableBenchmark")) {
      runs.add(run(all));
    }
  }

  private ChainedOptionsBuilder first(String modes, String services, String targets) {
    return run("FirstPacketBenchmark")
        .param("mode", modes.split(","))
        .param("services", services.split(","))
        .param("target", targets.split(","));
  }

  private ChainedOptionsBuilder established() {
    return run("EstablishedPacketBenchmark")
        .param("mode", "iptables", "nftables", "ipvs")
        .param("services", HASHED.split(","))
        .param("connections", "1000");
  }

  private ChainedOptionsBuilder run(String benchmark) {
    TimeValue time = TimeValue.milliseconds(millis);
    TimeValue warmup = TimeValue.milliseconds(Math.max(LEAST_WARMUP_MILLIS, millis));
    return new OptionsBuilder()
        .include("\\." + benchmark.replace(".", "\\."))
        .forks(forks)
        .warmupIterations(warmups)
        .warmupTime(warmup)
        .measurementIterations(measurements)
        .measurementTime(time)
        .shouldFailOnError(true);
  }
}
