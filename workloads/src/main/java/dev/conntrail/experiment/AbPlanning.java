package dev.conntrail.experiment;

import dev.conntrail.result.Manifest;
import dev.conntrail.result.Side;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentYaml;
import dev.conntrail.spec.SpecException;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.TestbedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds out how two sides can be measured in turns. */
public final class AbPlanning {
  /**
   * What is asked for.
   *
   * @param a experiment of side a
   * @param b experiment of side b
   * @param instead the testbed to take, whatever the experiments name
   * @param edit of side b's rules; empty for none
   * @param jar what runs side a, where that is another program than this
   * @param timesOfPair how many times of a pair of cells are declared for a verdict
   * @param budget time for measuring
   * @param margin ratio of times that is no change yet
   * @param seed of the orders
   */
  public record Asked(
      ExperimentYaml a,
      ExperimentYaml b,
      Optional<TestbedKind> instead,
      String edit,
      Optional<Path> jar,
      int timesOfPair,
      Duration budget,
      double margin,
      long seed) {}

  private final Asked asked;
  private final BiFunction<Experiment, Side, RunOptions> options;
  private final List<String> notes = new ArrayList<>();
  private ExperimentYaml yamlA;
  private ExperimentYaml yamlB;

  private AbPlanning(Asked asked, BiFunction<Experiment, Side, RunOptions> options) {
    this.asked = asked;
    this.options = options;
    this.yamlA = asked.jar().isPresent() ? asked.a().once() : asked.a();
    this.yamlB = asked.jar().isPresent() ? asked.b().once() : asked.b();
    if (Stream.of(yamlA, yamlB).noneMatch(y -> y.names(Axes.CLIENT))
        && !alike(clients(yamlA), clients(yamlB))) {
      yamlA = byLibraries(yamlA);
      yamlB = byLibraries(yamlB);
    }
  }

  /** By cell where there are as many, else by kinds. */
  private static boolean alike(List<ClientKind> a, List<ClientKind> b) {
    return a.size() == b.size() ? a.equals(b) : Set.copyOf(a).equals(Set.copyOf(b));
  }

  private List<ClientKind> clients(ExperimentYaml side) {
    return side.read(asked.instead()).cells().stream().map(Cell::client).toList();
  }

  /** What differs may take libraries on one side alone: then both have them. */
  private static ExperimentYaml byLibraries(ExperimentYaml side) {
    return side.with(Axes.CLIENT.word(), ClientKind.LIBRARY.word());
  }

  /**
   * Plans.
   *
   * @param options says how a side's experiment is to be run on this machine
   * @throws SpecException if cells cannot be paired
   * @throws TestbedException if both sides cannot share one testbed
   * @throws IllegalArgumentException if the edit of the rules is none
   */
  public static AbPlan of(Asked asked, BiFunction<Experiment, Side, RunOptions> options) {
    return new AbPlanning(asked, options).plan();
  }

  /** A side, and its cells as they are on this machine. */
  private record Placed(AbPlan.Of side, TestbedKind testbed, List<Cell> cells) {
    /** How long each of them once takes. */
    Duration round() {
      return side.experiment().only(side.options().placement().asked(), testbed).expectedRound();
    }
  }

  private AbPlan plan() {
    RulesEdit.of(asked.edit());
    Placed a = placed(yamlA, Side.A);
    Placed b = placed(yamlB, Side.B);
    if (a.testbed() != b.testbed()) {
      throw new TestbedException(
          "side a is on testbed " + a.testbed().word() + ", side b on " + b.testbed().word(),
          "--testbed with one for both");
    }
    List<Pairing.Pair> compared = Pairing.of(a.cells(), b.cells());
    List<PairedCells> pairs = withControls(compared, a.cells(), b.cells());
    a = placed(yamlA, Side.A);
    b = placed(yamlB, Side.B);
    List<Cell> all = new ArrayList<>(a.cells());
    all.addAll(b.cells());
    StageNeeds.shared(a.testbed(), all);
    Duration block = block(a.round(), b.round());
    int times = asked.timesOfPair() * (int) pairs.stream().filter(p -> !p.control()).count();
    Looks looks = Looks.within(asked.budget(), block, times);
    Duration least = block.multipliedBy(looks.fewest());
    if (least.compareTo(asked.budget()) > 0) {
      notes.add(
          "the budget of %d s may be passed: no verdict comes of fewer than %d blocks, which take up to %d s"
              .formatted(asked.budget().toSeconds(), looks.fewest(), least.toSeconds()));
    }
    return new AbPlan(
        a.side(),
        b.side(),
        pairs,
        differs(compared),
        asked.jar(),
        times,
        looks,
        block,
        asked.budget(),
        asked.margin(),
        asked.seed(),
        notes);
  }

  private Placed placed(ExperimentYaml yaml, Side side) {
    Experiment experiment = yaml.read(asked.instead());
    AbPlan.Of of = new AbPlan.Of(experiment, options.apply(experiment, side));
    Set<TestbedKind> testbeds = of.options().placement().cells().keySet();
    if (of.options().guest().isPresent() || testbeds.size() != 1) {
      throw new TestbedException(
          "both sides are measured on one testbed of this machine, and "
              + experiment.name()
              + " needs "
              + testbeds.stream().map(TestbedKind::word).collect(Collectors.joining(" and "))
              + " (a User-mode Linux guest)",
          "--testbed netns, with cells that this kernel can run");
    }
    TestbedKind testbed = testbeds.iterator().next();
    if (testbed.kubernetes() && !of.options().placement().left().isEmpty()) {
      throw new TestbedException(
          String.join("; ", of.options().placement().notes()),
          "an experiment whose cells this cluster can run, for both sides need theirs");
    }
    return new Placed(of, testbed, PlacedCells.of(experiment, of.options()).on(testbed));
  }

  /** All pairs; what a side lacks for a control is added to it. */
  private List<PairedCells> withControls(List<Pairing.Pair> compared, List<Cell> a, List<Cell> b) {
    Map<?, Cell> controls = Controls.of(a, b);
    Set<String> keys = controls.values().stream().map(Cell::key).collect(Collectors.toSet());
    List<PairedCells> pairs = new ArrayList<>();
    for (Pairing.Pair pair : compared) {
      boolean same = pair.axes().isEmpty();
      pairs.add(new PairedCells(pair.a(), pair.b(), same && keys.contains(pair.a().key())));
    }
    for (Cell control : controls.values()) {
      boolean onA = contains(a, control);
      boolean onB = contains(b, control);
      yamlA = onA ? yamlA : yamlA.and(control);
      yamlB = onB ? yamlB : yamlB.and(control);
      if (!onA || !onB) {
        pairs.add(new PairedCells(control, control, true));
        notes.add(
            "added to "
                + (onA ? "side b" : onB ? "side a" : "both sides")
                + " as negative control: "
                + control.title());
      }
    }
    return pairs;
  }

  private static boolean contains(List<Cell> cells, Cell control) {
    return cells.stream().anyMatch(c -> c.key().equals(control.key()));
  }

  /** How long a block takes. */
  private Duration block(Duration a, Duration b) {
    Duration cells = a.plus(b);
    return asked.jar().isPresent()
        ? cells.plus(Experiment.RUN_OVERHEAD.multipliedBy(Side.values().length))
        : cells;
  }

  /** Keys leave some usual values out. */
  private static Optional<String> value(Cell cell, String axis) {
    return Optional.ofNullable(cell.axes().get(axis))
        .or(() -> Axes.find(axis).filter(a -> a.appliesTo(cell)).map(a -> a.effective(cell)));
  }

  private String differs(List<Pairing.Pair> pairs) {
    Set<String> differences = new TreeSet<>();
    for (Pairing.Pair pair : pairs) {
      for (String axis : pair.axes()) {
        Optional<String> a = value(pair.a(), axis);
        Optional<String> b = value(pair.b(), axis);
        if (a.isPresent() && b.isPresent()) {
          differences.add(axis + ": " + a.get() + " against " + b.get());
        }
      }
    }
    if (!asked.edit().isEmpty()) {
      differences.add("rules of side b edited: " + Manifest.shortened(asked.edit()));
    }
    asked
        .jar()
        .ifPresent(jar -> differences.add("program: " + jar.getFileName() + " against this"));
    return differences.isEmpty() ? "nothing" : String.join("; ", differences);
  }
}
