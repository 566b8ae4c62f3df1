package dev.conntrail.jmh;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How much is measured. Growth is judged by forks that lie apart: one for each round of {@link
 * #judged}, in an order drawn anew for each round. {@link #others} is measured once.
 */
public enum Profile {
  /** Ten seconds: one fork of few, so that growth can be seen and not judged. */
  GLANCE(1, 1, 2, 150),
  /** A minute: two rounds, short iterations; its intervals are wide. */
  QUICK(2, 1, 3, 70),
  /** Ten minutes: two rounds. */
  DEFAULT(2, 2, 4, 300),
  /** Hours: every parameter, three rounds, iterations of a second. */
  FULL(3, 3, 5, 1000);

  /** The just-in-time compiler needs as much, whatever the profile. */
  private static final int LEAST_WARMUP_MILLIS = 100;

  /** As many as calibrate measures in the kernel, for a ratio needs the same numbers. */
  private static final String LEGACY = "1,1000,2500,5000,10000";

  /** The same for iptables-nft, whose rules take the kernel longer to load. */
  private static final String NFT = "1,500,1000,1500,2000";

  private static final String HASHED = "1,100,1000,5000,10000";
  private static final String MODES =
      "iptables-legacy,iptables-nft,nftables,nftables-1.37,ipvs,ipvs-256";

  private static final String ALL = "1,10,100,1000,5000,10000,30000";

  private final int rounds;
  private final int warmups;
  private final int measurements;
  private final int millis;

  Profile(int rounds, int warmups, int measurements, int millis) {
    this.rounds = rounds;
    this.warmups = warmups;
    this.measurements = measurements;
    this.millis = millis;
  }

  /** The word of the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All words, as errors and help have them. */
  public static String words() {
    return Arrays.stream(values()).map(Profile::word).collect(Collectors.joining(", "));
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
            new IllegalArgumentException("--profile: found " + word + "; allowed: " + words()));
  }

  /** How many forks of each choice that growth is judged by. */
  int rounds() {
    return rounds;
  }

  /** What growth is judged by. */
  List<Choice> judged() {
    return switch (this) {
      case GLANCE -> joined(first("iptables-legacy,nftables,ipvs", "1,1000,10000", "last"));
      case QUICK ->
          joined(
              first("iptables-legacy", LEGACY, "last"),
              first("iptables-nft", NFT, "last"),
              first("nftables,nftables-1.37", HASHED, "last,any"),
              first("ipvs", HASHED, "any"),
              established("nftables,ipvs", "1000"));
      case DEFAULT ->
          joined(
              first("iptables-legacy", "1,10,100,1000,2500,5000,10000", "last"),
              first("iptables-nft", "1,100,500,1000,1500,2000,10000", "last"),
              first("nftables,nftables-1.37,ipvs", HASHED + ",30000", "last,any"),
              first("ipvs-256", HASHED + ",30000", "any"),
              established("iptables-legacy,nftables,ipvs", "1000"));
      case FULL -> joined(first(MODES, ALL, "last,any"), established(MODES, "1000,100000"));
    };
  }

  private static List<Choice> joined(Choice.Sweep... sweeps) {
    return Stream.of(sweeps).flatMap(s -> s.choices().stream()).toList();
  }

  private static Choice.Sweep first(String modes, String services, String targets) {
    return Choice.sweep(FirstPacketBenchmark.class)
        .over("mode", modes)
        .over("services", services)
        .over("target", targets);
  }

  private static Choice.Sweep established(String modes, String connections) {
    return Choice.sweep(EstablishedPacketBenchmark.class)
        .over("mode", modes)
        .over("services", HASHED)
        .over("connections", connections);
  }

  /** What growth is not judged by: measured once, one after the other. */
  List<ChainedOptionsBuilder> others() {
    return switch (this) {
      case GLANCE -> List.of();
      case QUICK ->
          List.of(
              run("HarnessBenchmark"),
              run("KnownConnectionBenchmark")
                  .param("table", "conntrack")
                  .param("connections", "1000", "10000", "100000"),
              run("KnownConnectionBenchmark")
                  .param("table", "ipvs", "ipvs-4096")
                  .param("connections", "1000", "100000"));
      case DEFAULT -> some();
      case FULL -> all();
    };
  }

  private List<ChainedOptionsBuilder> some() {
    return List.of(
        run("HarnessBenchmark"),
        places("iptables-legacy,iptables-nft", "1000,10000"),
        places("nftables,nftables-1.37,ipvs", "10000"),
        run("FirstPacketBenchmark")
            .param("mode", "iptables-legacy", "nftables", "nftables-1.37", "ipvs")
            .param("services", "100")
            .param("endpoints", "1", "10", "100")
            .param("target", "last"),
        run("KnownConnectionBenchmark"),
        run("ConntrackBenchmark.lookup")
            .param("connections", "100000")
            .param("load", "0.5", "2", "4", "8"),
        run("ConntrackBenchmark.(miss|insertAndExpire)")
            .param("connections", "100000")
            .param("load", "1", "4"),
        run("FullTableBenchmark").param("connections", "10000"),
        run("SchedulerBenchmark").param("endpoints", "10", "100"),
        run("UpdateBenchmark").param("services", "100", "1000", "10000"),
        run("SharedTableBenchmark"));
  }

  private List<ChainedOptionsBuilder> all() {
    return List.of(
        run("HarnessBenchmark"),
        places(MODES, ALL),
        run("FirstPacketBenchmark")
            .param("services", "1", "1000")
            .param("endpoints", "1", "10", "100")
            .param("target", "last"),
        run("KnownConnectionBenchmark"),
        run("ConntrackBenchmark"),
        run("IpvsConnectionBenchmark"),
        run("FullTableBenchmark"),
        run("SchedulerBenchmark"),
        run("UpdateBenchmark"),
        run("SharedTableBenchmark"));
  }

  /** Places that growth is not judged by. */
  private ChainedOptionsBuilder places(String modes, String services) {
    return run("FirstPacketBenchmark")
        .param("mode", modes.split(",", -1))
        .param("services", services.split(",", -1))
        .param("target", "first", "middle", "miss");
  }

  private ChainedOptionsBuilder run(String benchmark) {
    return options(this == FULL ? rounds : 1).include("\\." + benchmark.replace(".", "\\."));
  }

  /** One fork. */
  ChainedOptionsBuilder fork() {
    return options(1);
  }

  private ChainedOptionsBuilder options(int forks) {
    TimeValue time = TimeValue.milliseconds(millis);
    TimeValue warmup = TimeValue.milliseconds(Math.max(LEAST_WARMUP_MILLIS, millis));
    return new OptionsBuilder()
        .forks(forks)
        .warmupIterations(warmups)
        .warmupTime(warmup)
        .measurementIterations(measurements)
        .measurementTime(time)
        .addProfiler(OtherWork.class)
        .shouldFailOnError(true);
  }
}
