package dev.conntrail.compare;

import dev.conntrail.result.AbFolder;
import dev.conntrail.result.AbManifest;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.Json;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Side;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.CellId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two sides that were measured in turns, read and judged.
 *
 * @param folder where they are
 * @param manifest what was asked, and how it went
 * @param gate what follows for times
 * @param counts what follows for counts; empty where a side ran by another program, in a folder a
 *     block
 * @param marked blocks' pairs that were set aside for a mark
 * @param lacks what the folders do not tell
 */
public record AbResults(
    AbFolder folder,
    AbManifest manifest,
    Gate gate,
    List<CountComparison> counts,
    int marked,
    List<String> lacks) {
  /**
   * Reads a folder.
   *
   * @throws IOException if it is none, or damaged: one line, with the file
   */
  public static AbResults read(AbFolder folder) throws IOException {
    AbManifest manifest = Json.read(folder.manifest(), AbManifest.class);
    boolean ofJars = manifest.sides().stream().anyMatch(s -> s.jar().isPresent());
    return ofJars ? ofJars(folder, manifest) : ofOneProgram(folder, manifest);
  }

  private static AbResults ofOneProgram(AbFolder folder, AbManifest manifest) throws IOException {
    RunResults a = RunResults.read(folder.side(Side.A));
    RunResults b = RunResults.read(folder.side(Side.B));
    List<CellPair> pairs = new ArrayList<>();
    List<BlockPair> blocks = new ArrayList<>();
    for (AbManifest.Pair pair : manifest.pairs()) {
      Optional<CellResults> ofA = a.cell(pair.a());
      Optional<CellResults> ofB = b.cell(pair.b());
      if (ofA.isPresent() && ofB.isPresent()) {
        pairs.add(
            new CellPair(
                PairTitle.of(ofA.get().cell(), ofB.get().cell()),
                ofA.get(),
                ofB.get(),
                Optional.empty()));
        blocks.addAll(blocks(ofA.get(), ofB.get(), pair.control()));
      }
    }
    List<CountComparison> counts =
        new Counts(Ledgers.of(a, b), Counted.alike(a.manifest(), b.manifest())).of(pairs);
    return new AbResults(
        folder,
        manifest,
        gate(manifest, blocks),
        counts,
        marked(blocks),
        Stream.concat(a.lacks().stream(), b.lacks().stream()).toList());
  }

  /** Judged as at the last look; blocks after it were not looked at, and without one nothing is. */
  private static Gate gate(AbManifest manifest, List<BlockPair> blocks) {
    int last = manifest.looks().isEmpty() ? 0 : manifest.looks().getLast().afterBlocks();
    return last == 0
        ? Gate.judge(blocks, 0, manifest.margin())
        : Gate.judge(
            blocks.stream().filter(b -> b.block() <= last).toList(),
            manifest.level(),
            manifest.margin());
  }

  private static List<BlockPair> blocks(CellResults a, CellResults b, boolean control) {
    Map<Integer, SummaryRow> ofB =
        b.repetitions().stream()
            .map(RepetitionResults::summary)
            .collect(Collectors.toMap(s -> s.at().repetition(), Function.identity()));
    return a.repetitions().stream()
        .filter(r -> ofB.containsKey(r.number()))
        .map(r ->
            new BlockPair(
                r.number(), a.cell(), b.cell(), control, r.summary(), ofB.get(r.number())))
        .toList();
  }

  /** A block of each side is a run of one repetition. */
  private static AbResults ofJars(AbFolder folder, AbManifest manifest) throws IOException {
    List<BlockPair> blocks = new ArrayList<>();
    List<String> lacks = new ArrayList<>();
    for (AbManifest.Block block : manifest.blocks()) {
      boolean whole =
          Stream.of(Side.values()).allMatch(s -> folder.block(s, block.number()).exists());
      if (whole) {
        RunResults a = RunResults.read(folder.block(Side.A, block.number()));
        RunResults b = RunResults.read(folder.block(Side.B, block.number()));
        manifest.pairs().forEach(p -> pair(block.number(), p, a, b).ifPresent(blocks::add));
        lacks.addAll(a.lacks());
        lacks.addAll(b.lacks());
      }
    }
    return new AbResults(
        folder,
        manifest,
        gate(manifest, blocks),
        List.of(),
        marked(blocks),
        lacks.stream().distinct().toList());
  }

  private static Optional<BlockPair> pair(
      int block, AbManifest.Pair pair, RunResults a, RunResults b) {
    return only(b, pair.b())
        .flatMap(y ->
            of(a, pair.a(), y)
                .map(x ->
                    new BlockPair(
                        block,
                        x.cell(),
                        y.cell(),
                        pair.control(),
                        x.repetitions().getFirst().summary(),
                        y.repetitions().getFirst().summary())));
  }

  /** By its id; by its key where an older program makes ids otherwise. */
  private static Optional<CellResults> of(RunResults run, CellId id, CellResults partner) {
    return only(run, id)
        .or(() ->
            run.measured().stream()
                .filter(c -> c.cell().key().equals(partner.cell().key()))
                .findFirst());
  }

  private static Optional<CellResults> only(RunResults run, CellId id) {
    return run.cell(id).filter(c -> !c.repetitions().isEmpty());
  }

  private static int marked(List<BlockPair> blocks) {
    return (int) blocks.stream().filter(b -> !b.kept()).count();
  }

  /** Counts that differ. */
  public List<CountComparison> counts(CountChange change) {
    return counts.stream().filter(c -> c.change() == change).toList();
  }
}
