package dev.conntrail.cli;

import dev.conntrail.analysis.Ages;
import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.analysis.theory.AtRandom;
import dev.conntrail.analysis.theory.Herd;
import dev.conntrail.analysis.theory.MaximumAge;
import dev.conntrail.analysis.theory.PoolSize;
import dev.conntrail.analysis.theory.ScaleOut;
import dev.conntrail.analysis.theory.SilentPeer;
import dev.conntrail.spec.Jitter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code conntrail tune} answers; as JSON it is this record.
 *
 * @param asked what was asked
 * @param fairShare share of all connections that is fair for the new pods together
 * @param ages for each law of jitter, the greatest age that balances in time
 * @param random the same where connections end at random
 * @param draw what a draw of as many connections as there are gives, once all are opened anew
 * @param pool connections a client with which the bound holds surely; none up to 200,000 in all
 * @param silent when clients notice a pod that falls silent, and what has them do so in time
 */
record TuneAnswer(
    Asked asked,
    double fairShare,
    List<Age> ages,
    Random random,
    Draw draw,
    Optional<Pool> pool,
    Silent silent) {
  /** From here on ages are cut to whole seconds, below to tenths: so they can be set. */
  private static final double WHOLE_SECONDS_FROM = 10;

  private static final double TENTHS = 10;

  /** A quotient that should be whole may be a hair below. */
  private static final double SAME = 1e-9;

  /** A herd is calm when its densest second has no more than so many times the mean. */
  static final double CALM = 2;

  /** Of the connections that end at random, so many are to be opened anew in time. */
  static final double MOST_OF_THEM = 0.95;

  /**
   * What was asked.
   *
   * @param podsCount pods before the scale-out
   * @param scaleToCount pods after it
   * @param clientsCount clients that open as many connections each
   * @param connectionsCount of all clients
   * @param balancedWithinS time in which all connections are to be opened anew, seconds
   * @param imbalance most that the busiest pod may have over the mean
   * @param sure how often that is to hold, from 0 to 1
   * @param jitter of Envoy and Reactor, as a share of the age
   */
  record Asked(
      int podsCount,
      int scaleToCount,
      int clientsCount,
      int connectionsCount,
      double balancedWithinS,
      double imbalance,
      double sure,
      double jitter) {}

  /**
   * A maximum age.
   *
   * @param jitter whose law
   * @param low least age over the one that is set
   * @param high greatest age over the one that is set
   * @param ageS to be set, seconds
   * @param balancedS time to balance, seconds
   * @param connectsPerS on average
   * @param herdConnects most in a second, of connections that began at the same moment, in the
   *     first cycle
   * @param herdCalmAfter cycles until no second has more than twice the mean; none if never
   */
  record Age(
      String jitter,
      double low,
      double high,
      double ageS,
      double balancedS,
      double connectsPerS,
      double herdConnects,
      Optional<Integer> herdCalmAfter) {}

  /**
   * Connections that end at random.
   *
   * @param share of them that is opened anew in time
   * @param meanAgeS with which it is, seconds
   * @param connectsPerS on average
   */
  record Random(double share, double meanAgeS, double connectsPerS) {}

  /**
   * What a draw gives.
   *
   * @param probability that the bound holds at a moment
   * @param idlePods pods that are expected to have no connection
   * @param maxOverMean busiest pod over mean, on average
   * @param surelyAtMost busiest pod over mean, at most, as often as was asked
   */
  record Draw(double probability, double idlePods, double maxOverMean, double surelyAtMost) {}

  /**
   * A pool.
   *
   * @param connectionsEach of each client
   * @param connectionsCount of all clients
   * @param probability that the bound holds at a moment
   * @param connectsTimes how many times the connects of ages it costs
   */
  record Pool(
      int connectionsEach, int connectionsCount, double probability, double connectsTimes) {}

  /**
   * What finds a silent pod.
   *
   * @param usuallyAfterS while a client sends data, with what Linux does, seconds
   * @param tcpRetriesCount most that give up in time
   * @param afterS with these, seconds
   * @param pingEveryS longest interval of pings that are answered before the next, seconds
   */
  record Silent(double usuallyAfterS, int tcpRetriesCount, double afterS, double pingEveryS) {
    static Silent within(double seconds) {
      int retries = SilentPeer.retriesWithin(seconds);
      return new Silent(
          SilentPeer.givesUpAfterS(SilentPeer.USUAL_RETRIES),
          retries,
          SilentPeer.givesUpAfterS(retries),
          SilentPeer.pingsWithin(seconds));
    }
  }

  /** Works it out. */
  static TuneAnswer of(Asked asked) {
    FairDraw draw = new FairDraw(asked.connectionsCount(), asked.scaleToCount());
    AtRandom random = AtRandom.reaching(MOST_OF_THEM, asked.balancedWithinS());
    return new TuneAnswer(
        asked,
        new ScaleOut(asked.podsCount(), asked.scaleToCount()).fairShare(),
        Arrays.stream(Jitter.values()).map(law -> age(asked, law)).toList(),
        new Random(
            MOST_OF_THEM, random.meanAgeS(), random.connectsPerSecond(asked.connectionsCount())),
        new Draw(
            draw.maxOverMeanAtMost(asked.imbalance()),
            draw.expectedIdle(),
            draw.expectedMaxOverMean(),
            draw.maxOverMeanWith(asked.sure())),
        pool(asked),
        Silent.within(asked.balancedWithinS()));
  }

  private static Age age(Asked asked, Jitter law) {
    MaximumAge exact = MaximumAge.within(Ages.of(law, asked.jitter()), asked.balancedWithinS());
    MaximumAge age = new MaximumAge(exact.spread(), cut(exact.seconds()));
    Herd herd = new Herd(age, asked.connectionsCount());
    OptionalInt calm = herd.calmAfter(CALM);
    return new Age(
        law.word(),
        age.spread().low(),
        age.spread().high(),
        age.seconds(),
        age.allAfterS(),
        age.connectsPerSecond(asked.connectionsCount()),
        herd.peak(1),
        calm.isEmpty() ? Optional.empty() : Optional.of(calm.getAsInt()));
  }

  /** An age that can be set, not above the one that is needed. */
  private static double cut(double seconds) {
    return seconds < WHOLE_SECONDS_FROM
        ? Math.floor(seconds * TENTHS + SAME) / TENTHS
        : Math.floor(seconds + SAME);
  }

  private static Optional<Pool> pool(Asked asked) {
    PoolSize size = new PoolSize(asked.clientsCount(), asked.scaleToCount(), asked.imbalance());
    OptionalInt each = size.reaching(asked.sure());
    if (each.isEmpty()) {
      return Optional.empty();
    }
    int all = each.getAsInt() * asked.clientsCount();
    return Optional.of(
        new Pool(
            each.getAsInt(),
            all,
            size.sure(each.getAsInt()),
            (double) all / asked.connectionsCount()));
  }
}
