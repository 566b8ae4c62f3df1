package dev.conntrail.analysis.cure;

import dev.conntrail.analysis.Ages;
import dev.conntrail.analysis.theory.AgeSpread;
import dev.conntrail.analysis.theory.BegunTogether;
import dev.conntrail.analysis.theory.MaximumAge;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.HerdRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.Jitter;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Pooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Connections of a cell with a maximum age that began together, and the connects that they made in
 * each stretch of time after that start, against what theory has of such a herd.
 *
 * @param theory all repetitions; times are after the start of each: when its connections began, on
 *     average
 * @param meanLagS by how much lives are longer than ages on average
 * @param slack how far each may be
 * @param tenths stretches of a tenth of the age, in order
 * @param first from the first of them until a connection can have been opened anew twice
 * @param repetitions how many
 */
record Herded(
    BegunTogether theory,
    double meanLagS,
    BegunTogether.Slack slack,
    List<Stretch> tenths,
    Stretch first,
    int repetitions) {
  /** What lives may be otherwise than set, and agree nevertheless: clocks, and a busy machine. */
  private static final double SOONER = 0.02;

  private static final double LATER = 0.05;

  private static final int TENTHS = 10;

  /** A herd is looked at for so many mean ages. */
  private static final double CYCLES = 5;

  /** The least that jitter may leave of an age, so that a stretch is shorter than any life. */
  private static final double LEAST = 0.2;

  private static final double MS_PER_S = 1000;

  /**
   * From some time to another, seconds after the start.
   *
   * @param opened connections that were opened anew in it, all repetitions
   */
  record Stretch(double fromS, double toS, int opened) {}

  /** Empty where theory says nothing, or too little was seen. */
  static Optional<Herded> of(CellResults cell, List<ConnectionRow> ledger) {
    Cell c = cell.cell();
    if (!knows(c) || Renewed.betweenUsesS(c).isEmpty() || cell.counted().isEmpty()) {
      return Optional.empty();
    }
    MaximumAge age = Newcomers.age(c.cure().recycling().orElseThrow());
    double gapS = Renewed.betweenUsesS(c).getAsDouble();
    // who sends HTTP/1.1's last request, or is told that it was, connects for the next one
    int uses = c.protocol().repliesSayGoodbye() ? 2 : 1;
    BegunTogether.Slack slack = new BegunTogether.Slack(SOONER, LATER, uses * gapS);
    List<double[]> born = new ArrayList<>();
    for (RepetitionResults r : cell.counted()) {
      born.add(
          ledger.stream()
              .filter(l -> l.at().equals(r.summary().at()))
              .mapToDouble(l -> l.bornMs() / MS_PER_S)
              .sorted()
              .toArray());
    }
    double endS = c.course().phases().length().toMillis() / MS_PER_S;
    return age.spread().low() < LEAST || !born.stream().allMatch(b -> together(b, c, age))
        ? Optional.empty()
        : of(age, (uses - 0.5) * gapS, slack, new Born(born, c.connections(), endS));
  }

  /**
   * When connections of each repetition were opened, seconds.
   *
   * @param each in order
   * @param first so many began together
   * @param endS when measuring ended
   */
  private record Born(List<double[]> each, int first, double endS) {
    double startS(double[] born) {
      return Arrays.stream(born, 0, first).average().orElseThrow();
    }

    double watchedS() {
      return endS - each.stream().mapToDouble(this::startS).max().orElseThrow();
    }

    double[] begunS() {
      return each.stream()
          .flatMapToDouble(b -> Arrays.stream(b, 0, first).map(s -> s - startS(b)))
          .toArray();
    }

    Stretch stretch(double fromS, double toS) {
      long opened =
          each.stream()
              .mapToLong(b ->
                  Arrays.stream(b, first, b.length)
                      .map(s -> s - startS(b))
                      .filter(s -> s >= fromS && s < toS)
                      .count())
              .sum();
      return new Stretch(fromS, toS, Math.toIntExact(opened));
    }
  }

  private static Optional<Herded> of(
      MaximumAge age, double meanLagS, BegunTogether.Slack slack, Born born) {
    double watchedS = Math.min(born.watchedS(), CYCLES * age.meanAgeS());
    if (watchedS < (1 + LATER) * age.allAfterS() + slack.lagS()) {
      return Optional.empty();
    }
    double[] begunS = born.begunS();
    // around multiples of a tenth, so that a herd without jitter is within one
    double tenthS = age.seconds() / TENTHS;
    List<Stretch> tenths =
        IntStream.rangeClosed(1, (int) Math.floor(watchedS / tenthS - 0.5))
            .mapToObj(i -> born.stretch((i - 0.5) * tenthS, (i + 0.5) * tenthS))
            .toList();
    double twiceS = 2 * shortestS(age) + Arrays.stream(begunS).min().orElseThrow();
    Stretch first = born.stretch(tenthS / 2, Math.min(watchedS, twiceS));
    return Optional.of(
        new Herded(
            new BegunTogether(age, begunS), meanLagS, slack, tenths, first, born.each().size()));
  }

  private static double shortestS(MaximumAge age) {
    return (1 - SOONER) * age.spread().low() * age.seconds();
  }

  /** Whether each connection is one caller's, and is made anew by its age alone. */
  private static boolean knows(Cell c) {
    return c.course().uneventful()
        && c.protocol().longLived()
        && c.pooling() == Pooling.DEDICATED
        && c.opening() == Opening.AT_ONCE
        && c.cure().balanced().isEmpty()
        && c.cure()
            .recycling()
            .filter(r -> r.maxAge().isPresent() && r.maxRequests().isEmpty())
            .filter(r ->
                switch (r.by()) {
                  case CLIENT, PROXY -> true;
                  case SERVER -> c.cure().proxied().isEmpty() && !c.protocol().outlastsGoodbye();
                  case PROXY_TO_PODS -> false;
                })
            .isPresent();
  }

  /** Whether the first began long before any was to end, and none was to before load began. */
  private static boolean together(double[] born, Cell c, MaximumAge age) {
    return born.length >= c.connections()
        && born[c.connections() - 1] - born[0] < shortestS(age) / 2
        && born[0] + shortestS(age) > 0;
  }

  /** Connections that began together, all repetitions. */
  int together() {
    return theory.begunS().length;
  }

  /** How many are expected to be opened anew in a stretch. */
  double expected(Stretch s) {
    return together() * theory.expected(s.fromS(), s.toS(), meanLagS);
  }

  /** The least share of them that is. */
  double atLeast(Stretch s) {
    return theory.atLeast(s.fromS(), s.toS(), slack);
  }

  /** The greatest. */
  double atMost(Stretch s) {
    return theory.atMost(s.fromS(), s.toS(), slack);
  }

  /** The same connections with other jitter: none where there is some, else gRPC's. */
  Herded otherwise() {
    AgeSpread spread = theory.age().spread();
    MaximumAge other =
        spread.width() > 0
            ? new MaximumAge(Ages.of(Jitter.NONE, 0), theory.age().meanAgeS())
            : new MaximumAge(Ages.of(Jitter.GRPC, 0), theory.age().seconds());
    return new Herded(
        new BegunTogether(other, theory.begunS()), meanLagS, slack, tenths, first, repetitions);
  }

  /** Connects a second in a stretch, of one repetition on average. */
  double perS(double count, Stretch s) {
    return count / repetitions / (s.toS() - s.fromS());
  }

  /** A row a tenth. */
  List<HerdRow> rows(CellId cell, String run) {
    return tenths.stream()
        .map(s ->
            new HerdRow(
                run,
                cell,
                MS_PER_S * s.fromS(),
                MS_PER_S * s.toS(),
                s.opened(),
                expected(s),
                together() * atLeast(s),
                together() * atMost(s)))
        .toList();
  }
}
