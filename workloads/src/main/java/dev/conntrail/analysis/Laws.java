package dev.conntrail.analysis;

import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Cells whose pods are not drawn, held to the law of their choice: pods in turn, the one with
 * fewest connections, or a hash. A law is checked for each client or node by itself, in each
 * repetition, for each takes its own turns; and with it goes the probability that a fair draw would
 * have met it too, for a law that cannot fail shows nothing.
 */
final class Laws {
  /**
   * What came out.
   *
   * @param kept in every group
   * @param metByDraw probability that a fair draw keeps it in every group
   */
  record Outcome(boolean kept, double metByDraw) {}

  /**
   * Connections that one client, or one node, dealt to pods.
   *
   * @param counts by pod, of those that its rules have
   * @param outside to others
   */
  private record Group(List<Long> counts, long callers, long failed, long outside) {
    long connections() {
      return counts.stream().mapToLong(Long::longValue).sum();
    }

    FairDraw draw() {
      return new FairDraw(connections(), counts.size());
    }
  }

  private Laws() {}

  /** Holds a cell to its law; empty where its settings make that another, or nothing was opened. */
  static Optional<Outcome> check(CellResults cell, List<ConnectionRow> ledger) {
    if (ledger.isEmpty() || cell.cell().otherLaw()) {
      return Optional.empty();
    }
    return switch (cell.cell().choice()) {
      case DRAW, ZONE_DRAW -> Optional.empty();
      case CLIENT_IN_TURN ->
          Optional.of(
              outcome(
                  groups(cell, ledger, ConnectionRow::client),
                  Laws::asCallers,
                  Laws::callersSpread));
      case NODE_IN_TURN, LEAST_CONNECTIONS -> even(cell, ledger, 0);
      case LEAST_ACTIVE -> even(cell, ledger, opening(cell.cell()));
      case CLIENT_HASH, CLIENT_PINNED -> together(groups(cell, ledger, ConnectionRow::client));
      case SERVICE_HASH, CLIENT_FIRST -> together(groups(cell, ledger, Laws::node));
      case CLIENT_BALANCED, PROXY -> Optional.empty();
    };
  }

  private static String node(ConnectionRow c) {
    return c.clientNode().orElse(c.client());
  }

  /** Connections that are being opened at the same time, and do not count yet. */
  private static long opening(Cell cell) {
    return cell.opening() == Opening.SPREAD
        ? 0
        : (long) Math.min(LoadPlan.OPENED_AT_ONCE, cell.connectionsOf(0)) * cell.clients();
  }

  private static Optional<Outcome> even(
      CellResults cell, List<ConnectionRow> ledger, long opening) {
    return Optional.of(
        outcome(
            groups(cell, ledger, Laws::node),
            g -> spread(g.counts()) <= 1 + opening + g.failed(),
            g -> 1 + opening + g.failed()));
  }

  private static Optional<Outcome> together(List<Group> groups) {
    return Optional.of(
        new Outcome(
            within(groups)
                && groups.stream()
                    .allMatch(g -> g.counts().stream().filter(c -> c > 0).count() <= 1),
            FairDraw.allOnOnePod(groups.stream().map(Group::draw).toList())));
  }

  private static boolean within(List<Group> groups) {
    return groups.stream().allMatch(g -> g.outside() == 0);
  }

  private static Outcome outcome(
      List<Group> groups, Function<Group, Boolean> law, Function<Group, Long> spread) {
    return new Outcome(
        within(groups) && groups.stream().allMatch(law::apply),
        groups.stream()
            .mapToDouble(g -> g.draw().spreadAtMost(spread.apply(g)))
            .reduce(1, (a, b) -> a * b));
  }

  /** Each caller has one pod, and callers take pods in turn: a pod gets what its callers open. */
  private static boolean asCallers(Group g) {
    int pods = g.counts().size();
    long least = g.connections() / g.callers();
    long most = Math.ceilDiv(g.connections(), g.callers());
    for (int pod = 0; pod < pods; pod++) {
      long callers = g.callers() / pods + (pod < g.callers() % pods ? 1 : 0);
      if (g.counts().get(pod) < callers * least - g.failed()
          || g.counts().get(pod) > callers * most + g.failed()) {
        return false;
      }
    }
    return true;
  }

  private static long callersSpread(Group g) {
    int pods = g.counts().size();
    return Math.ceilDiv(g.callers(), pods) * Math.ceilDiv(g.connections(), g.callers())
        - g.callers() / pods * (g.connections() / g.callers())
        + 2 * g.failed();
  }

  private static long spread(List<Long> counts) {
    return Collections.max(counts) - Collections.min(counts);
  }

  private static List<Group> groups(
      CellResults cell, List<ConnectionRow> ledger, Function<ConnectionRow, String> by) {
    List<Group> groups = new ArrayList<>();
    for (RepetitionResults r : cell.counted()) {
      Map<String, List<ConnectionRow>> parts =
          ledger.stream()
              .filter(c -> c.at().equals(r.summary().at()))
              .collect(Collectors.groupingBy(by));
      parts.values().forEach(part -> groups.add(group(cell.cell(), r, part)));
    }
    return groups;
  }

  private static Group group(Cell cell, RepetitionResults r, List<ConnectionRow> part) {
    long[] counts = new long[r.pods().size()];
    Map<String, Integer> places =
        r.pods().stream().collect(Collectors.toMap(p -> p.pod(), p -> p.podIndex() - 1));
    part.forEach(c -> c.pod().map(places::get).ifPresent(place -> counts[place]++));
    int callers =
        (int) part.stream().map(ConnectionRow::client).distinct().count()
            * cell.connections()
            / cell.clients();
    long failed = r.summary().requests().failedCount() + r.summary().requests().unansweredCount();
    List<Long> among =
        (cell.cure().sameZone()
                ? Zones.among(node(part.getFirst()), r.pods()).stream().mapToInt(i -> i)
                : IntStream.range(0, counts.length))
            .mapToObj(i -> counts[i])
            .toList();
    long outside = Arrays.stream(counts).sum() - among.stream().mapToLong(Long::longValue).sum();
    return new Group(among, Math.max(1, callers), failed, outside);
  }
}
