package dev.conntrail.experiment;

import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.Plane;
import dev.conntrail.spec.Setting;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.Abilities;
import dev.conntrail.testbed.TestbedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which cells run on which testbed. The cells of a block are compared with each other, so they run
 * in one kernel: the one that can run all of them, netns before uml; where neither can, the one
 * that can run most, and the others are left out.
 *
 * @param cells by testbed, in the order of running; each testbed has at least one
 * @param notes what was left out, and why
 */
public record Placement(Map<TestbedKind, List<Cell>> cells, List<String> notes) {
  public Placement {
    cells = new LinkedHashMap<>(cells);
    notes = List.copyOf(notes);
  }

  /** All cells on the testbed that the experiment names. */
  public static Placement asNamed(Experiment experiment) {
    return new Placement(Map.of(experiment.testbed(), experiment.cells()), experiment.notes());
  }

  /**
   * Testbed auto.
   *
   * @param netns what this kernel can do; empty where netns cannot be had
   * @param uml what the guest's kernel can do; empty where uml cannot be had
   * @throws TestbedException if no cell can run
   */
  public static Placement auto(
      Experiment experiment, Optional<Abilities> netns, Optional<Abilities> uml) {
    Map<TestbedKind, List<Cell>> placed = new LinkedHashMap<>();
    placed.put(TestbedKind.NETNS, new ArrayList<>());
    placed.put(TestbedKind.UML, new ArrayList<>());
    List<String> notes = new ArrayList<>(experiment.notes());
    List<Cell> left = new ArrayList<>();
    for (List<Cell> block : experiment.blocks()) {
      List<Cell> here = possible(block, TestbedKind.NETNS, netns);
      List<Cell> guest = possible(block, TestbedKind.UML, uml);
      boolean takeGuest = guest.size() > here.size();
      List<Cell> taken = takeGuest ? guest : here;
      placed.get(takeGuest ? TestbedKind.UML : TestbedKind.NETNS).addAll(taken);
      block.stream().filter(c -> !taken.contains(c)).forEach(left::add);
    }
    placed.values().removeIf(List::isEmpty);
    if (!left.isEmpty()) {
      notes.add(
          "left out: "
              + left.size()
              + " cells ("
              + left.stream()
                  .map(Cell::plane)
                  .distinct()
                  .map(Plane::word)
                  .collect(Collectors.joining(", "))
              + "), for "
              + why("this kernel", netns, left)
              + ", and "
              + why("a User-mode Linux guest", uml, left)
              + "; `doctor` says how to mend it");
    }
    if (placed.isEmpty()) {
      throw new TestbedException(String.join("; ", notes));
    }
    return new Placement(placed, notes);
  }

  /** The same with one more note. */
  public Placement noting(String note) {
    return new Placement(cells, Stream.concat(notes.stream(), Stream.of(note)).toList());
  }

  private static String why(String who, Optional<Abilities> abilities, List<Cell> cells) {
    if (abilities.isEmpty()) {
      return who + " cannot be used here";
    }
    List<String> lacking = lacking(cells, abilities.get());
    return who
        + (lacking.isEmpty()
            ? " could not run the cells that they are compared with"
            : " has no " + String.join(" and no ", lacking));
  }

  private static List<Cell> possible(
      List<Cell> block, TestbedKind kind, Optional<Abilities> abilities) {
    return abilities.isEmpty()
        ? List.of()
        : block.stream()
            .filter(c -> kind == TestbedKind.UML || c.find(Setting.CONNTRACK_MAX).isEmpty())
            .filter(c -> lacking(List.of(c), abilities.get()).isEmpty())
            .toList();
  }

  /** What cells need that a kernel has not, in words. */
  public static List<String> lacking(List<Cell> cells, Abilities abilities) {
    boolean nft =
        cells.stream()
            .anyMatch(
                c -> c.dataPlane() == DataPlane.NFTABLES || c.backend() == IptablesBackend.NFT);
    boolean legacy =
        cells.stream()
            .anyMatch(
                c -> c.dataPlane() == DataPlane.IPVS || c.backend() == IptablesBackend.LEGACY);
    boolean ipvs = cells.stream().anyMatch(c -> c.dataPlane() == DataPlane.IPVS);
    boolean any =
        cells.stream()
            .anyMatch(
                c -> c.dataPlane() == DataPlane.IPTABLES && c.backend() == IptablesBackend.AUTO);
    boolean anyLacks = any && !abilities.nftables() && !abilities.legacyIptables();
    return abilities.lacking(nft, legacy || anyLacks, ipvs);
  }
}
