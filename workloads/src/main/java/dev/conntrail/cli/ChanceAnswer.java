package dev.conntrail.cli;

import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.analysis.chance.Holm;
import dev.conntrail.analysis.chance.IdlePods;
import dev.conntrail.analysis.chance.Imbalance;
import dev.conntrail.analysis.chance.Judgement;
import dev.conntrail.analysis.chance.Sensitivity;
import dev.conntrail.analysis.chance.TestResult;
import dev.conntrail.analysis.chance.Uniformity;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What {@code conntrail chance} answers; as JSON it is this record.
 *
 * @param connectionsCount of all repetitions
 * @param podsCount pods of each
 * @param repetitionsCount how many
 * @param level chance of a false alarm, over all tests
 * @param chance what a fair draw gives
 * @param found what the counts show; none where only what could be found was asked
 * @param power what can be found
 */
record ChanceAnswer(
    long connectionsCount,
    int podsCount,
    int repetitionsCount,
    double level,
    Chance chance,
    Optional<Found> found,
    Power power) {
  /** The band holds all pods of a fair draw with this probability. */
  static final double BAND = 0.99;

  /**
   * What a fair draw gives.
   *
   * @param idle pods without a connection, mean over repetitions
   * @param maxOverMean busiest pod over mean, counts of all repetitions together
   * @param band fewest and most connections of a pod, all repetitions together
   */
  record Chance(IdlePods idle, double maxOverMean, FairDraw.Band band) {}

  /**
   * What the counts show.
   *
   * @param idleMean pods without a connection, mean over repetitions
   * @param maxOverMean busiest pod over mean
   * @param tests pooled and, of several repetitions, stratified
   * @param verdict in the words of {@link dev.conntrail.analysis.chance.Verdict}
   * @param sentence the verdict in one sentence
   */
  record Found(
      double idleMean, double maxOverMean, List<Test> tests, String verdict, String sentence) {}

  /**
   * A test.
   *
   * @param form pooled or stratified
   * @param chiSquare Pearson's statistic
   * @param p two-sided
   * @param pAdjusted after Holm's correction
   * @param method how it was had
   */
  record Test(String form, double chiSquare, double p, double pAdjusted, String method) {}

  /**
   * What can be found, in a test of the pooled counts.
   *
   * @param level of that test
   * @param fairShare what a pod draws
   * @param atTwice probability to find one pod at twice its share
   * @param smallestShare found with a probability of 0.9; null if none is
   * @param connectionsForFifth connections to find one pod at 1.2 times its share so often
   */
  record Power(
      double level,
      double fairShare,
      double atTwice,
      Optional<Double> smallestShare,
      Optional<Long> connectionsForFifth) {
    private static Power of(Sensitivity s) {
      return new Power(
          s.level(),
          s.fairShare(),
          s.powerAtTwice(),
          s.smallestShare(),
          s.connectionsForFifth().stream().boxed().findFirst());
    }
  }

  /** For connections that were not counted by pod. */
  static ChanceAnswer of(long connections, int pods, double level) {
    return new ChanceAnswer(
        connections,
        pods,
        1,
        level,
        chance(List.of(new FairDraw(connections, pods))),
        Optional.empty(),
        Power.of(Sensitivity.of(connections, pods, level)));
  }

  /** For counts by repetition and pod. */
  static ChanceAnswer of(long[][] counts, double level) {
    Uniformity test = Uniformity.test(counts);
    Sensitivity sensitivity =
        Sensitivity.of(test.connections(), test.pods(), level / test.tests().size());
    List<Holm.Adjusted<Uniformity.Tested>> adjusted =
        Holm.adjust(test.tests(), t -> t.result().p());
    Judgement judgement = Judgement.of(adjusted, level, sensitivity);
    return new ChanceAnswer(
        test.connections(),
        test.pods(),
        counts.length,
        level,
        chance(
            Arrays.stream(counts)
                .map(c -> new FairDraw(Arrays.stream(c).sum(), test.pods()))
                .toList()),
        Optional.of(
            new Found(
                Arrays.stream(counts).mapToInt(Imbalance::idle).average().orElseThrow(),
                Imbalance.maxOverMean(Uniformity.sums(counts)),
                adjusted.stream().map(ChanceAnswer::test).toList(),
                judgement.verdict().text(),
                judgement.text())),
        Power.of(sensitivity));
  }

  private static Chance chance(List<FairDraw> repetitions) {
    FairDraw all =
        new FairDraw(
            repetitions.stream().mapToLong(FairDraw::connections).sum(),
            repetitions.getFirst().pods());
    return new Chance(IdlePods.of(repetitions), all.expectedMaxOverMean(), all.band(BAND));
  }

  private static Test test(Holm.Adjusted<Uniformity.Tested> adjusted) {
    TestResult result = adjusted.test().result();
    return new Test(
        adjusted.test().form().text(),
        result.statistic(),
        result.p(),
        adjusted.p(),
        result.method().text());
  }
}
