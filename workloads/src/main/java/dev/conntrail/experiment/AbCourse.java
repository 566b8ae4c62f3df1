package dev.conntrail.experiment;

import dev.conntrail.result.AbFolder;
import dev.conntrail.result.AbManifest;
import dev.conntrail.result.Json;
import dev.conntrail.result.Side;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.Cell;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * How two sides are measured: block after block, each in an order drawn anew, until a look finds
 * all decided or the time is spent; and the record of it.
 */
final class AbCourse {
  /** What blocks take is known after so many, and no look was taken yet. */
  private static final int TIMED_BLOCKS = 3;

  private final AbPlan plan;
  private final AbFolder folder;
  private final AbGate gate;
  private final Progress progress;
  private final Cancellation cancellation;
  private final Instant started;
  private final long startNs = System.nanoTime();
  private Looks looks;
  private final List<AbManifest.Block> begun = new ArrayList<>();
  private final List<AbManifest.Look> taken = new ArrayList<>();
  private final List<PairedBlock> whole = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  AbCourse(
      AbPlan plan,
      AbFolder folder,
      Instant started,
      AbGate gate,
      Progress progress,
      Cancellation cancellation)
      throws IOException {
    this.plan = plan;
    this.folder = folder;
    this.started = started;
    this.looks = plan.looks();
    this.gate = gate;
    this.progress = progress;
    this.cancellation = cancellation;
    notes.addAll(plan.notes());
    write(RunStatus.PARTIAL);
  }

  /** Measures. */
  void run(AbTurns turns) throws IOException {
    Random random = new Random(plan.seed());
    long firstNs = System.nanoTime();
    for (int block = 1; block <= looks.most(); block++) {
      List<AbTurns.Turn> order = new ArrayList<>(turns.all());
      Collections.shuffle(order, random);
      begun.add(new AbManifest.Block(block, order.stream().map(AbCourse::written).toList()));
      write(RunStatus.PARTIAL);
      turns.begin(order);
      for (AbTurns.Turn turn : order) {
        if (!cancellation.cancelled()) {
          turns.take(turn, block);
        }
      }
      if (cancellation.cancelled()) {
        return;
      }
      whole.add(new PairedBlock(block, turns.rows(block)));
      Duration each = Duration.ofNanos((System.nanoTime() - firstNs) / block);
      if (block == TIMED_BLOCKS) {
        looks = Looks.within(plan.budget(), each, plan.times());
      }
      progress.repetition(block, looks.most(), "block " + block);
      if (ends(block, each)) {
        return;
      }
    }
  }

  private static AbManifest.Turn written(AbTurns.Turn turn) {
    return new AbManifest.Turn(turn.side(), turn.cell().map(Cell::id));
  }

  /**
   * A look that the clock brings forward is the last, so that there are never more than planned.
   */
  private boolean ends(int block, Duration each) {
    boolean spent =
        block >= looks.fewest() && each.multipliedBy(block + 1L).compareTo(plan.budget()) > 0;
    boolean last = spent || block == looks.most();
    if (!last && !looks.after().contains(block)) {
      return false;
    }
    boolean decided = gate.decided(List.copyOf(whole), looks.level());
    taken.add(new AbManifest.Look(block, decided));
    return last || decided;
  }

  /** The looks as they were planned in the end. */
  Looks looks() {
    return looks;
  }

  /** How many blocks were begun. */
  int begun() {
    return begun.size();
  }

  /** The blocks that are whole. */
  List<PairedBlock> whole() {
    return List.copyOf(whole);
  }

  /** All failures so far, with more, which are noted. */
  List<String> failures(List<String> more) {
    failures.addAll(more);
    notes.addAll(failures);
    return List.copyOf(failures);
  }

  /** Something failed that is no repetition. */
  void failed(String why) {
    failures.add(why);
  }

  /** Writes the record. */
  void write(RunStatus status) throws IOException {
    Json.write(
        folder.manifest(),
        new AbManifest(
            AbManifest.SCHEMA,
            plan.run(),
            plan.testbed(),
            status,
            started.toString(),
            (System.nanoTime() - startNs) / 1e9,
            plan.differs(),
            Arrays.stream(Side.values()).map(this::side).toList(),
            plan.pairs().stream()
                .map(p -> new AbManifest.Pair(p.a().id(), p.b().id(), p.control()))
                .toList(),
            plan.seed(),
            begun,
            looks.level(),
            looks.after(),
            taken,
            plan.budget().toMillis() / 1e3,
            plan.margin(),
            plan.b().options().command(),
            notes));
  }

  private AbManifest.SideOf side(Side side) {
    AbPlan.Of of = plan.of(side);
    return new AbManifest.SideOf(
        side,
        of.experiment().name(),
        of.options().rulesEdit(),
        plan.jar().filter(_ -> side == Side.A).map(j -> j.getFileName().toString()));
  }
}
