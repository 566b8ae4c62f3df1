package dev.conntrail.result.row;

import dev.conntrail.spec.CellId;
import java.util.Optional;

/**
 * {@code cures.csv}: one row a cell of which others differ in nothing but what is done against
 * imbalance, the cure or an ipvs scheduler; all repetitions together.
 *
 * @param failedCount requests and connects that failed, all phases
 * @param unansweredCount requests without an answer when the drain ended, all phases
 * @param openedPerS connections made in the measure phase, a second
 */
public record CureRow(
    String run,
    CellId cellId,
    long failedCount,
    long unansweredCount,
    double openedPerS,
    @Inline Cpu cpu,
    @Inline Memory memory,
    @Inline Entries entries,
    @Inline Slowest slowest,
    @Inline OnNew onNew,
    @Inline OnAge onAge,
    @Inline OnHerd onHerd,
    @Inline OnProxies onProxies,
    @Inline OnSlow onSlow) {
  /**
   * CPU time of a request that was answered, nanoseconds; not a number where it was not measured,
   * or was counted by a kernel that charges whole ticks or none.
   *
   * @param clientCpuNs of all clients' processes
   * @param proxyCpuNs of a proxy in the middle
   * @param podsCpuNs of all pods' processes
   */
  public record Cpu(double clientCpuNs, double proxyCpuNs, double podsCpuNs) {
    /** Where nobody can tell. */
    public static final Cpu UNKNOWN = new Cpu(Double.NaN, Double.NaN, Double.NaN);

    /** All of it; not a number where pods were not looked at. */
    public double all() {
      return clientCpuNs + podsCpuNs + (Double.isNaN(proxyCpuNs) ? 0 : proxyCpuNs);
    }
  }

  /**
   * Memory that all processes of a role had at the end of the measure phase, mean over repetitions;
   * not a number where it was not measured.
   *
   * @param clientResidentBytes of all clients' processes
   * @param proxyResidentBytes of proxies in the middle
   * @param podsResidentBytes of all pods' processes
   */
  public record Memory(
      double clientResidentBytes, double proxyResidentBytes, double podsResidentBytes) {}

  /**
   * Entries in the kernels' tables of connections, of the nodes on which connections are opened:
   * the hops of a request that a kernel knows of. Of a connection that has any, mean over these and
   * over repetitions; 0 where none has; not a number where no table was read.
   *
   * @param clientEntriesCount of a connection that a client opened
   * @param proxyEntriesCount of one that a proxy opened to a pod; not a number where none did
   * @param translatedEntriesCount of both together, those that the kernel sends elsewhere than they
   *     were opened to
   */
  public record Entries(
      double clientEntriesCount, double proxyEntriesCount, double translatedEntriesCount) {
    /** Where no table was read. */
    public static final Entries UNKNOWN = new Entries(Double.NaN, Double.NaN, Double.NaN);
  }

  /**
   * The slowest of all repetitions together; not a number where too few lie beyond.
   *
   * @param responseP999Ns response time of requests, at least so much where fewer had an answer
   * @param connectP99Ns how long clients took to open a connection
   * @param connectMaxNs the longest of these, however few; not a number where there was none
   */
  public record Slowest(double responseP999Ns, double connectP99Ns, double connectMaxNs) {}

  /**
   * Connections that were open when the measure phase ended, and how many of them theory has on
   * pods that joined.
   *
   * @param newExpectedPct share that is expected; not a number where theory says nothing, as the
   *     others then
   * @param openCount open connections
   * @param newCount of these, on pods that joined
   * @param p two-sided probability of such a count, if each draws for itself
   * @param pAdjusted the same after correction for all such tests of the run
   * @param halfFoundPct how often half the effect would be found: half the expected share, or,
   *     where none is expected, half the fair one
   * @param newFit what follows
   */
  public record OnNew(
      double newExpectedPct,
      double openCount,
      double newCount,
      double p,
      double pAdjusted,
      double halfFoundPct,
      Optional<Fit> newFit) {
    /** Where theory says nothing. */
    public static final OnNew NOTHING =
        new OnNew(
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Optional.empty());
  }

  /**
   * How soon connections were opened anew that have a maximum age, and were open when pods joined:
   * balance comes no sooner.
   *
   * @param halfExpectedMs from then until theory has half of them opened anew; not a number where
   *     it says nothing, as the others then
   * @param halfMs the same as it was; not a number if never while it was watched
   * @param oldCount connections that were open then
   * @param lookedAfterMs when they were counted: when half would have been, if ages were 5 % longer
   *     and all noticed late
   * @param anewCount of these, opened anew by then
   * @param ageP two-sided probability of such a count, or of one further away, with any age within
   *     5 % of the one that is set
   * @param agePAdjusted the same after correction for all such tests of the run
   * @param twiceAgeFoundPct how often ages twice as long would be found
   * @param ageFit what follows
   */
  public record OnAge(
      double halfExpectedMs,
      double halfMs,
      double oldCount,
      double lookedAfterMs,
      double anewCount,
      double ageP,
      double agePAdjusted,
      double twiceAgeFoundPct,
      Optional<Fit> ageFit) {
    /** Where theory says nothing. */
    public static final OnAge NOTHING =
        new OnAge(
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Optional.empty());
  }

  /**
   * When connections were opened anew that have a maximum age and began together.
   *
   * @param togetherCount how many did, all repetitions; not a number where theory says nothing, as
   *     the others then
   * @param denseMs after the start, the middle of the tenth of an age in which theory has most of
   *     them connect
   * @param denseExpectedPerS connects a second that it has there
   * @param densePerS the same as it was, mean over repetitions
   * @param mostPerS the most in any tenth of an age, likewise
   * @param herdP two-sided probability of the number of connects that is furthest from theory, in a
   *     tenth of an age or until any can connect twice, times how many numbers were looked at
   * @param herdPAdjusted the same after correction for all such tests of the run
   * @param otherJitterFoundPct how often, at least, ages without jitter would be found, or, where
   *     there is none, those with gRPC's
   * @param herdFit what follows
   */
  public record OnHerd(
      double togetherCount,
      double denseMs,
      double denseExpectedPerS,
      double densePerS,
      double mostPerS,
      double herdP,
      double herdPAdjusted,
      double otherJitterFoundPct,
      Optional<Fit> herdFit) {
    /** Where theory says nothing. */
    public static final OnHerd NOTHING =
        new OnHerd(
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Optional.empty());
  }

  /**
   * Connections on the proxies of a pool, whose Service draws one of them for each.
   *
   * @param proxiesCount of the pool; not a number where nothing is drawn, as the others then
   * @param busiestProxyOverMean connections of the busiest proxy over the mean, on average over
   *     repetitions
   * @param busiestProxyExpected the same as a fair draw has it
   * @param proxiesP two-sided probability of such counts, all repetitions together
   * @param proxiesPAdjusted the same after correction for all such tests of the run
   * @param twiceFoundPct how often a proxy at twice its share would be found
   * @param proxiesFit what follows
   */
  public record OnProxies(
      double proxiesCount,
      double busiestProxyOverMean,
      double busiestProxyExpected,
      double proxiesP,
      double proxiesPAdjusted,
      double twiceFoundPct,
      Optional<Fit> proxiesFit) {
    /** Where nothing is drawn. */
    public static final OnProxies NOTHING =
        new OnProxies(
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Optional.empty());
  }

  /**
   * What pods answered that are slower than others, from then on to the end of the measure phase;
   * not a number where that is not all that happens.
   *
   * @param slowFairPct their fair share
   * @param slowSharePct their share of all answers
   */
  public record OnSlow(double slowFairPct, double slowSharePct) {
    /** Where none is. */
    public static final OnSlow NOTHING = new OnSlow(Double.NaN, Double.NaN);

    /** Less than this part of a fair share says that somebody has noticed. */
    private static final double NOTICED = 0.5;

    /** Whether somebody keeps away from them; not, where none is slow. */
    public boolean noticed() {
      return slowSharePct < NOTICED * slowFairPct;
    }
  }
}
