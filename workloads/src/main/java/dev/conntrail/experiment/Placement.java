package dev.conntrail.experiment;

import dev.conntrail.experiment.AtHand.Has;
import dev.conntrail.experiment.AtHand.Lack;
import dev.conntrail.result.Manifest;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.LeftOut;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.TestbedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which cells run on which testbed, and which are left out: what `plan`, `run` and `ab` go by. The
 * cells of a block are compared with each other, so they run in one kernel: the first that can run
 * most of them.
 *
 * @param cells by testbed, in the order of running; each testbed has at least one
 * @param left the others, each with its reason
 */
public record Placement(Map<TestbedKind, List<Placed>> cells, List<LeftOut> left) {
  /**
   * A cell that runs.
   *
   * @param asked as the experiment has it
   * @param cell as it effectively is there: {@code iptables-backend: auto} is what the kernel has,
   *     and {@code kube-proxy} what the cluster has
   */
  public record Placed(Cell asked, Cell cell) {}

  public Placement {
    cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
    left = List.copyOf(left);
  }

  /**
   * Places the cells of an experiment.
   *
   * @param instead whether the testbed was named in place of the experiment's own: then what it
   *     lacks is left out, where others remain
   * @throws TestbedException if no cell can run, or one cannot on the testbed that the experiment
   *     names; with the mend where it is known
   */
  public static Placement of(Experiment experiment, boolean instead, AtHand atHand) {
    return new Placing(experiment, instead, atHand).placed();
  }

  /** That of an experiment whose testbed cannot be used: what it never has is left out. */
  public static Placement none(Experiment experiment) {
    return new Placement(
        Map.of(),
        experiment.cells().stream().flatMap(c -> never(experiment.testbed(), c).stream()).toList());
  }

  /** A cell that a testbed never has, wherever that is. */
  private static Optional<LeftOut> never(TestbedKind kind, Cell cell) {
    return kind.lacks(cell).map(need -> new LeftOut(cell, need.cannot(kind)));
  }

  /**
   * Whose rules cells of a testbed have there although they ask for others'; empty for nobody's.
   */
  Optional<KubeProxy> otherRules(TestbedKind kind) {
    return cells.getOrDefault(kind, List.of()).stream()
        .filter(p -> p.cell().kubeProxy() != p.asked().kubeProxy())
        .map(p -> p.cell().kubeProxy())
        .findFirst();
  }

  /** What was left out, and why, as a run's folder has it. */
  List<Manifest.LeftOut> leftOut() {
    return left.stream()
        .map(l -> {
          Cell cell = l.cell();
          return new Manifest.LeftOut(cell.plane(), cell.course().modes(cell.dataPlane()), l.why());
        })
        .toList();
  }

  /** The same in words, a line for each reason. */
  public List<String> notes() {
    return Manifest.LeftOut.lines(leftOut());
  }

  /** All cells that run, as the experiment has them. */
  public List<Cell> asked() {
    return cells.values().stream().flatMap(List::stream).map(Placed::asked).toList();
  }

  /** Repetitions of all of them. */
  public int tries() {
    return asked().stream().mapToInt(c -> c.course().repetitions()).sum();
  }

  /** An experiment's cells on their way. */
  private static final class Placing {
    private final Experiment experiment;
    private final boolean instead;
    private final AtHand atHand;
    private final List<TestbedKind> choices;
    private final Map<TestbedKind, List<Placed>> cells = new LinkedHashMap<>();
    private final Map<TestbedKind, Set<String>> keys = new HashMap<>();
    private final List<LeftOut> left = new ArrayList<>();

    Placing(Experiment experiment, boolean instead, AtHand atHand) {
      this.experiment = experiment;
      this.instead = instead;
      this.atHand = atHand;
      this.choices = experiment.testbed().choices();
    }

    Placement placed() {
      if (choices.size() == 1) {
        has(choices.getFirst())
            .unusable()
            .ifPresent(why -> {
              throw why.exception();
            });
      }
      choices.forEach(kind -> cells.put(kind, new ArrayList<>()));
      experiment.blocks().forEach(this::place);
      cells.values().removeIf(Collection::isEmpty);
      Placement placement = new Placement(cells, left);
      if (cells.isEmpty()) {
        throw nothing(placement);
      }
      return placement;
    }

    /** What is said where one reason stands for all is that, with its mend. */
    private TestbedException nothing(Placement placement) {
      return choices.size() > 1
          ? new TestbedException(String.join("; ", placement.notes()))
          : experiment.cells().stream()
              .flatMap(c -> lack(choices.getFirst(), c).stream())
              .findFirst()
              .map(Lack::exception)
              .orElseThrow();
    }

    private void place(List<Cell> block) {
      TestbedKind taken = choices.getFirst();
      for (TestbedKind kind : choices) {
        taken = possible(kind, block) > possible(taken, block) ? kind : taken;
      }
      for (Cell cell : block) {
        if (can(taken, cell)) {
          add(taken, cell);
        } else {
          leave(cell);
        }
      }
    }

    private long possible(TestbedKind kind, List<Cell> block) {
      return block.stream().filter(c -> can(kind, c)).count();
    }

    private boolean can(TestbedKind kind, Cell cell) {
      return has(kind).unusable().isEmpty()
          && lack(kind, cell).isEmpty()
          && kind.lacks(cell).isEmpty();
    }

    private Has has(TestbedKind kind) {
      return Optional.ofNullable(atHand.testbeds().get(kind))
          .orElseThrow(() -> new IllegalArgumentException(kind.word() + " was not looked for"));
    }

    /** What a cell takes that a testbed of the kind may have, and this one has not. */
    private Optional<Lack> lack(TestbedKind kind, Cell cell) {
      Map<?, Lack> lacks = has(kind).lacks();
      return cell.needs().stream()
          .flatMap(n -> Optional.ofNullable(lacks.get(n.ability())).stream())
          .findFirst();
    }

    private void add(TestbedKind kind, Cell asked) {
      Cell cell = there(kind, asked);
      if (keys.computeIfAbsent(kind, _ -> new HashSet<>()).add(cell.key())) {
        cells.get(kind).add(new Placed(asked, cell));
      } else {
        left.add(
            new LeftOut(
                asked,
                "it is, here, a second "
                    + cell.title()
                    + " ("
                    + cell.id()
                    + "), and the same is measured once"));
      }
    }

    private Cell there(TestbedKind kind, Cell asked) {
      Cell cell =
          asked
              .plane()
              .backend()
              .filter(b -> b == IptablesBackend.AUTO)
              .flatMap(_ -> has(kind).auto())
              .map(b -> asked.with(Axes.IPTABLES_BACKEND, b))
              .orElse(asked);
      return has(kind)
          .kubeProxy()
          .filter(_ -> Axes.KUBE_PROXY.appliesTo(asked))
          .map(v -> cell.with(Axes.KUBE_PROXY, v))
          .orElse(cell);
    }

    private void leave(Cell cell) {
      TestbedKind only = choices.getFirst();
      if (choices.size() > 1) {
        left.add(
            new LeftOut(
                cell,
                choices.stream().map(kind -> why(kind, cell)).collect(Collectors.joining(", and "))
                    + "; `doctor` says how to mend it"));
        return;
      }
      Optional<LeftOut> never = never(only, cell);
      if (never.isPresent()) {
        left.add(never.get());
        return;
      }
      Lack lack = lack(only, cell).orElseThrow();
      if (!instead && !has(only).found()) {
        throw lack.exception();
      }
      left.add(new LeftOut(cell, lack.why() + lack.mend().map(m -> "; mend: " + m).orElse("")));
    }

    private String why(TestbedKind kind, Cell cell) {
      String who = kind.kernel();
      if (has(kind).unusable().isPresent()) {
        return who + " cannot be used here";
      }
      return lack(kind, cell)
          .map(Lack::why)
          .or(() -> kind.lacks(cell).map(n -> who + " cannot have " + n.key() + " " + n.value()))
          .orElse(who + " could not run the cells that they are compared with");
    }
  }
}
