package dev.conntrail.analysis.cure;

import dev.conntrail.result.CellResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Axis;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.TestbedKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Measured cells that differ in nothing but what is done against imbalance, or what else is
 * weighed, and perhaps in what happens in them: what cures can be weighed by. That is the cure and,
 * of ipvs, the scheduler, which is the Service's own choice; mode and testbed are the same, so that
 * a cell in a guest stands beside none of another kernel.
 *
 * @param cells of two cures at least, in the order of the run
 * @param weighed the axes that they may differ in
 */
public record CureGroup(List<CellResults> cells, Set<Axis<?>> weighed) {
  /** What is weighed unless more is. */
  public static final Set<Axis<?>> CURES = Set.of(Axes.CURE, Axes.IPVS_SCHEDULER);

  private record Asked(TestbedKind testbed, Map<String, String> axes) {}

  private record Happening(Phases phases, List<Event> events) {
    static Happening of(CellResults c) {
      return new Happening(c.cell().course().phases(), c.cell().course().events());
    }
  }

  /** Those of a run, in its order; none where nothing can be weighed. */
  public static List<CureGroup> of(RunResults run) {
    return of(run, CURES);
  }

  /** The same where other axes are weighed as well. */
  public static List<CureGroup> of(RunResults run, Set<Axis<?>> weighed) {
    return by(
        run.measured(),
        weighed,
        c -> new Asked(c.testbed(), c.cell().axes(a -> !weighed.contains(a))));
  }

  /** The same of cells in which the same happens. */
  public List<CureGroup> byCourse() {
    return by(cells, weighed, Happening::of);
  }

  private static List<CureGroup> by(
      List<CellResults> cells, Set<Axis<?>> weighed, Function<CellResults, ?> key) {
    Map<Object, List<CellResults>> groups = new LinkedHashMap<>();
    cells.forEach(c -> groups.computeIfAbsent(key.apply(c), _ -> new ArrayList<>()).add(c));
    return groups.values().stream()
        .map(g -> new CureGroup(g, weighed))
        .filter(g -> g.byCure().size() > 1)
        .toList();
  }

  /** The cells of each cure, in the order of the run. */
  public List<List<CellResults>> byCure() {
    Map<Map<String, String>, List<CellResults>> by = new LinkedHashMap<>();
    cells.forEach(
        c -> by.computeIfAbsent(c.cell().axes(weighed::contains), _ -> new ArrayList<>()).add(c));
    return List.copyOf(by.values());
  }

  /** What is asked of each, whatever happens: "nftables, http1, 20 connections". */
  public String asked() {
    Cell any = cells.getFirst().cell();
    Phases phases = any.course().phases();
    Cell asked =
        new Cell(
            any.values().only(a -> !weighed.contains(a)),
            new Course(
                new Phases(phases.warmup(), Duration.ZERO, phases.measure(), phases.drain()),
                List.of(),
                1));
    String plane = asked.plane().word();
    // a scheduler, the usual one too, is not asked of all
    String mode = asked.plane().scheduler().isPresent() ? asked.dataPlane().word() : plane;
    return mode + asked.title().substring(plane.length());
  }

  /** Behind the Service, at first. */
  public int pods() {
    return cells.getFirst().cell().pods();
  }

  /** Where they ran. */
  public TestbedKind testbed() {
    return cells.getFirst().testbed();
  }
}
