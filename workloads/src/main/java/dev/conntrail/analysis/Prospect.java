package dev.conntrail.analysis;

import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.analysis.chance.Judgement;
import dev.conntrail.analysis.chance.Sensitivity;
import dev.conntrail.spec.Arrivals;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.PodChoice;
import dev.conntrail.spec.Pooling;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a cell will be able to tell of where its connections land.
 *
 * @param cell which
 * @param connections how many it will count
 * @param outlook what they can tell
 */
public record Prospect(Cell cell, Connections connections, Outlook outlook) {
  /**
   * Connections of all repetitions, if all goes well.
   *
   * @param count how many
   * @param known how well that is known
   */
  public record Connections(long count, Known known) {
    /** How many there will be, beside the number. */
    public enum Known {
      /** So many. */
      EXACTLY,
      /** So many on average, for requests come by chance. */
      ABOUT,
      /** So many or fewer. */
      AT_MOST
    }

    static Connections of(Cell cell) {
      long repetitions = cell.course().repetitions();
      if (!cell.protocol().longLived()) {
        return switch (cell.load()) {
          case LoadModel.Closed() ->
              throw new IllegalArgumentException(
                  "short-lived connections in a closed loop, which no experiment may have");
          case LoadModel.Open rate ->
              new Connections(
                  repetitions * Math.round(rate.requests(cell.course().phases())),
                  cell.arrivals() == Arrivals.REGULAR ? Known.EXACTLY : Known.ABOUT);
        };
      }
      if (cell.pooling() == Pooling.DEDICATED) {
        return exactly(repetitions * cell.connections());
      }
      // with one request at a time a shared client opens what its callers need at once
      return cell.protocol().multiplexes()
          ? exactly(repetitions * cell.clients())
          : new Connections(repetitions * cell.connections(), Known.AT_MOST);
    }

    private static Connections exactly(long count) {
      return new Connections(count, Known.EXACTLY);
    }
  }

  /** What can be told. */
  public sealed interface Outlook {
    /** Whether a draw is fair: a fault of a stated size would be found. */
    record Tells(Sensitivity sensitivity) implements Outlook {}

    /** Nothing: one pod at twice its share would not be found. */
    record TooFew(Sensitivity sensitivity) implements Outlook {}

    /** Whether the law of the choice is kept. */
    record ByDesign() implements Outlook {}

    /** Nothing, for something hinders that. */
    record NotJudged(Hindrance why) implements Outlook {}
  }

  /** Whether where its connections land is tested against a draw. */
  static boolean tested(Cell cell) {
    return cell.course().events().isEmpty() && !draws(cell).isEmpty();
  }

  /**
   * What is drawn, each by itself, from more than one pod: by all connections, or by those of each
   * zone that has clients, for places are on nodes in turn, and each node is a zone.
   */
  static List<FairDraw> draws(Cell cell) {
    long all = Connections.of(cell).count();
    List<FairDraw> draws =
        switch (cell.choice()) {
          case DRAW -> List.of(new FairDraw(all, cell.pods()));
          case ZONE_DRAW ->
              IntStream.range(0, Math.min(cell.nodes(), cell.clients()))
                  .mapToObj(zone -> ofZone(cell, zone, all))
                  .toList();
          default -> List.of();
        };
    return draws.stream().filter(d -> d.pods() > 1).toList();
  }

  private static FairDraw ofZone(Cell cell, int zone, long all) {
    int nodes = cell.nodes();
    int pods = cell.pods() / nodes + (zone < cell.pods() % nodes ? 1 : 0);
    long mine =
        IntStream.range(0, cell.clients())
            .filter(c -> c % nodes == zone)
            .mapToLong(cell::connectionsOf)
            .sum();
    return new FairDraw(all * mine / cell.connections(), pods == 0 ? cell.pods() : pods);
  }

  /** That of a cell which is tested, by what each of its draws could find. */
  static Outlook drawn(List<Sensitivity> each) {
    return each.stream()
        .filter(s -> s.powerAtTwice() < Judgement.ENOUGH_POWER)
        .findFirst()
        .<Outlook>map(Outlook.TooFew::new)
        .orElseGet(() ->
            new Outlook.Tells(
                each.stream()
                    .max(Comparator.comparingDouble(Sensitivity::timesFair))
                    .orElseThrow()));
  }

  /** That of a cell which is not. */
  static Outlook notDrawn(Cell cell) {
    boolean judged =
        cell.course().events().isEmpty()
            && cell.choice() != PodChoice.DRAW
            && cell.choice() != PodChoice.ZONE_DRAW
            && !cell.otherLaw();
    return judged
        ? new Outlook.ByDesign()
        : new Outlook.NotJudged(Hindrance.of(cell).orElseThrow());
  }
}
