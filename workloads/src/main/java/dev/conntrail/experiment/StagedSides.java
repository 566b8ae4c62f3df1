package dev.conntrail.experiment;

import dev.conntrail.result.AbFolder;
import dev.conntrail.result.Side;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.CellId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Both sides on one stage, for another would bring a difference of its own: the same namespaces or
 * cluster, the same echo and load processes.
 */
final class StagedSides implements AbRun.Sides {
  private final AbPlan plan;
  private final Path logs;
  private final Progress progress;
  private final Cancellation cancellation;
  private final Map<Side, RunRecord> records = new EnumMap<>(Side.class);

  StagedSides(
      AbPlan plan, AbFolder folder, Instant now, Progress progress, Cancellation cancellation)
      throws IOException {
    this.plan = plan;
    this.logs = folder.logs();
    this.progress = progress;
    this.cancellation = cancellation;
    for (Side side : Side.values()) {
      AbPlan.Of of = plan.of(side);
      RunOptions options = of.options().named(plan.run() + "-" + side.word());
      records.put(
          side,
          new RunRecord(
              of.experiment(),
              options,
              PlacedCells.of(of.experiment(), options),
              now,
              folder.begin(side)));
    }
  }

  @Override
  public void run(AbCourse course) throws IOException {
    List<Cell> all =
        records.values().stream()
            .flatMap(r -> r.cells().on(plan.testbed()).stream())
            .distinct()
            .toList();
    try (StageOpener opener =
        StageOpener.on(
            plan.testbed(),
            plan.b().options(),
            logs,
            cancellation,
            progress,
            (word, detail) -> records.values().forEach(r -> r.watched(word, detail)))) {
      new StageUse(opener, List.copyOf(records.values()), cancellation)
          .during(
              StageNeeds.shared(plan.testbed(), all), all, stage -> course.run(new Turns(stage)));
    }
  }

  @Override
  public List<String> finish(AbCourse course) throws IOException {
    List<String> failures = new ArrayList<>();
    for (Map.Entry<Side, RunRecord> side : records.entrySet()) {
      side.getValue().repeated(Math.max(1, course.begun()));
      side.getValue().finish(cancellation.cancelled()).failures().stream()
          .map(f -> named(side.getKey(), f))
          .forEach(failures::add);
    }
    return failures;
  }

  private static String named(Side side, String line) {
    return "side " + side.word() + ": " + line;
  }

  /** A cell's repetition each. */
  private final class Turns implements AbTurns {
    private final Map<Side, RepetitionRun> repetitions = new EnumMap<>(Side.class);

    Turns(Stage stage) {
      records.forEach((side, record) ->
          repetitions.put(
              side,
              new RepetitionRun(
                  stage,
                  plan.testbed(),
                  record,
                  RulesEdit.of(plan.of(side).options().rulesEdit()),
                  new OfSide(side),
                  cancellation)));
    }

    @Override
    public List<Turn> all() {
      return records.entrySet().stream()
          .flatMap(r ->
              r.getValue().cells().all().stream().map(c -> new Turn(r.getKey(), Optional.of(c))))
          .toList();
    }

    @Override
    public void begin(List<Turn> order) {
      records.forEach((side, record) ->
          record.ordered(
              order.stream()
                  .filter(t -> t.side() == side)
                  .flatMap(t -> t.cell().stream())
                  .toList()));
    }

    @Override
    public void take(Turn turn, int block) throws IOException {
      repetitions.get(turn.side()).attempt(turn.cell().orElseThrow(), block);
      records.get(turn.side()).ended();
    }

    @Override
    public List<PairedBlock.Rows> rows(int block) throws IOException {
      Map<CellId, SummaryRow> a = rows(Side.A, block);
      Map<CellId, SummaryRow> b = rows(Side.B, block);
      return plan.pairs().stream()
          .filter(p -> a.containsKey(p.a().id()) && b.containsKey(p.b().id()))
          .map(p -> new PairedBlock.Rows(p, a.get(p.a().id()), b.get(p.b().id())))
          .toList();
    }

    private Map<CellId, SummaryRow> rows(Side side, int block) throws IOException {
      return records.get(side).folder().rows(Tables.SUMMARY).stream()
          .filter(r -> r.at().repetition() == block)
          .collect(Collectors.toMap(r -> r.at().cellId(), Function.identity()));
    }
  }

  /** Says of which side a line is. */
  private final class OfSide implements Progress {
    private final Side side;

    OfSide(Side side) {
      this.side = side;
    }

    @Override
    public void say(String line) {
      progress.say(named(side, line));
    }

    @Override
    public void repetition(int done, int all, String what) {
      // blocks are counted
    }
  }
}
