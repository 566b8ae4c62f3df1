package dev.conntrail.analysis.growth;

import dev.conntrail.record.Quantiles;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Observations by what was measured.
 *
 * @param byKey of each, all independent loads or forks
 */
record Curves(Map<Key, List<Observation>> byKey) {
  /** What was measured, but for the number of Services. */
  record Key(
      String run,
      Source source,
      Lookup lookup,
      Packet packet,
      Target target,
      Optional<Long> endpoints,
      Optional<Long> connections) {
    /** The same in another source, or to another target. */
    Key as(Source other, Target otherTarget) {
      return new Key(run, other, lookup, packet, otherTarget, endpoints, connections);
    }

    /** The same in another lookup. */
    Key as(Lookup other) {
      return new Key(run, source, other, packet, target, endpoints, connections);
    }
  }

  /** A load of rules, with one target of it. */
  private record Load(Key key, int number, long services) {}

  static Curves of(List<JmhRow> jmh, List<KernelRow> kernel) {
    Map<Key, List<Observation>> byKey = new LinkedHashMap<>();
    jmh.forEach(row ->
        key(row)
            .ifPresent(key ->
                add(
                    byKey,
                    key,
                    new Observation(
                        row.what().servicesCount().orElseThrow(),
                        row.p50Ns(),
                        row.p50Ns(),
                        0,
                        row.beside().disturbed()))));
    Map<Load, List<KernelRow>> loads = new LinkedHashMap<>();
    kernel.stream()
        .filter(row -> row.target() != Target.FIRST)
        .forEach(row ->
            loads
                .computeIfAbsent(
                    new Load(key(row), row.load(), row.rules().servicesCount()),
                    _ -> new ArrayList<>())
                .add(row));
    loads.forEach((load, rounds) -> add(byKey, load.key(), observation(load, rounds)));
    return new Curves(byKey);
  }

  private static void add(Map<Key, List<Observation>> byKey, Key key, Observation observation) {
    byKey.computeIfAbsent(key, _ -> new ArrayList<>()).add(observation);
  }

  private static Observation observation(Load load, List<KernelRow> rounds) {
    return new Observation(
        load.services(),
        median(rounds, r -> r.times().pairedP50Ns()),
        median(rounds, r -> r.times().p50Ns()),
        rounds.stream().mapToDouble(r -> r.times().clockNs()).max().orElse(0),
        rounds.stream().anyMatch(r -> r.beside().disturbed()));
  }

  private static double median(List<KernelRow> rounds, ToDoubleFunction<KernelRow> of) {
    return Quantiles.median(rounds.stream().mapToDouble(of).toArray());
  }

  /** Only where packet, lookup and number of Services are known does a benchmark tell of growth. */
  private static Optional<Key> key(JmhRow row) {
    JmhRow.What what = row.what();
    if (what.packet().isEmpty() || what.lookup().isEmpty() || what.servicesCount().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Key(
            row.run(),
            Source.MODEL,
            what.lookup().get(),
            what.packet().get(),
            what.target().orElse(Target.ANY),
            what.endpointsCount(),
            what.connectionsCount()));
  }

  private static Key key(KernelRow row) {
    return new Key(
        row.run(),
        row.source(),
        row.rules().lookup(),
        row.packet(),
        row.target(),
        Optional.of(row.rules().endpointsCount()),
        Optional.empty());
  }
}
