package dev.conntrail.result;

import dev.conntrail.record.Death;
import dev.conntrail.result.row.Comparison;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.Doubt;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.OtherWork;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.RatioRow;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import dev.conntrail.result.row.Trend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.TestbedKind;
import java.util.List;
import java.util.Optional;

/** Rows of many columns, from the few that a test is about. */
public final class TestRows {
  private TestRows() {}

  /** Nothing to speak of ran beside it. */
  public static final OtherWork QUIET = OtherWork.of(1, 0, Double.NaN);

  /** Others had half of the CPUs. */
  public static final OtherWork BUSY = OtherWork.of(50, 0, Double.NaN);

  private static final long ENDPOINTS = 3;

  /**
   * A connection that lived otherwise.
   *
   * @param ms when it was born, how long it lived, when its last reply came and when the request of
   *     that was sent
   */
  public static ConnectionRow lived(ConnectionRow c, Death death, double... ms) {
    return LikeRow.of(c).born(ms[0]).died(death, ms[1]).last(ms[2], ms[3]).row();
  }

  /**
   * A first packet in a model, with three endpoints a Service.
   *
   * @param ns median of the fork's iterations
   */
  public static JmhRow model(Lookup lookup, long services, Target target, int fork, double ns) {
    return model(
        new JmhRow.What(
            Optional.of(Packet.FIRST),
            Optional.of(lookup),
            Optional.of(services),
            Optional.of(ENDPOINTS),
            Optional.of(target),
            Optional.empty(),
            Optional.empty()),
        fork,
        ns,
        QUIET);
  }

  /** What a fork of a benchmark measured. */
  public static JmhRow model(JmhRow.What what, int fork, double ns, OtherWork beside) {
    return new JmhRow(
        TestRun.RUN, "SomeBenchmark.take", what, List.of(), 1, fork, 3, ns, ns, ns, beside);
  }

  /**
   * A first packet in this machine's kernel, of one round.
   *
   * @param p50Ns median of the whole call
   * @param pairedNs median of what it takes more than the first Service
   */
  public static KernelRow kernel(
      Lookup lookup, long services, int load, Target target, double p50Ns, double pairedNs) {
    return kernel(
        TestbedKind.NETNS, lookup, services, load, Packet.FIRST, target, p50Ns, pairedNs, QUIET);
  }

  /** The same of any kernel, packet and neighbours. */
  public static KernelRow kernel(
      TestbedKind testbed,
      Lookup lookup,
      long services,
      int load,
      Packet packet,
      Target target,
      double p50Ns,
      double pairedNs,
      OtherWork beside) {
    return new KernelRow(
        TestRun.RUN,
        testbed,
        rules(lookup, services),
        load,
        beside,
        1,
        packet,
        target,
        100,
        new KernelRow.CallTimes(0, p50Ns, p50Ns, p50Ns, pairedNs));
  }

  private static KernelRow.Rules rules(Lookup lookup, long services) {
    return new KernelRow.Rules(
        lookup.plane(),
        lookup.backend(),
        Optional.of(IpvsScheduler.RR).filter(_ -> lookup.ipvs()),
        lookup.kubeProxy(),
        services,
        ENDPOINTS);
  }

  /**
   * How a first packet's cost grows, from 1 to 2,000 Services, with ten loads.
   *
   * @param ns a Service; its interval is a hundredth of a nanosecond to each side
   */
  public static GrowthRow growth(
      Source source, Lookup lookup, Target target, double ns, Trend trend) {
    return growth(source, lookup, Packet.FIRST, target, ns, trend, Optional.empty());
  }

  /** The same of any packet, and where nothing can be told. */
  public static GrowthRow growth(
      Source source,
      Lookup lookup,
      Packet packet,
      Target target,
      double ns,
      Trend trend,
      Optional<Doubt> doubt) {
    return new GrowthRow(
        TestRun.RUN,
        source,
        lookup,
        packet,
        target,
        Optional.of(ENDPOINTS),
        Optional.empty(),
        new GrowthRow.Observed(5, 10, 0, 1, 2000),
        new GrowthRow.Cost(25_000, 25_000 + 2000 * ns),
        new GrowthRow.Slope(ns, ns - 0.01, ns + 0.01, ns - 1, ns + 1),
        new GrowthRow.Fit(0.4, 0.6, 0.001),
        0.5,
        trend,
        doubt);
  }

  /** A ratio of first packets to a target, at one number of Services. */
  public static RatioRow ratio(
      Comparison comparison,
      Lookup lookup,
      Target target,
      long services,
      double ratio,
      double low,
      double high) {
    return new RatioRow(
        TestRun.RUN,
        comparison,
        lookup,
        Packet.FIRST,
        target,
        List.of(services),
        10,
        12,
        ratio,
        1,
        ratio,
        low,
        high);
  }
}
