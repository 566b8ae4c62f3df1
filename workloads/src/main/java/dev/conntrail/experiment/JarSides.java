package dev.conntrail.experiment;

import dev.conntrail.agent.JavaProcesses;
import dev.conntrail.result.AbFolder;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Side;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.ExperimentYaml;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Side a by an older jar of this program, side b by this one: each block is a run of one repetition
 * by each, as a process of its own.
 */
final class JarSides implements AbRun.Sides {
  private static final int LOG_LINES = 3;

  /** Exit codes of a command line or an experiment that is not understood, of what lacks. */
  private static final List<Integer> REFUSED = List.of(2, 3);

  private final AbPlan plan;
  private final AbFolder folder;
  private final Cancellation cancellation;
  private final List<String> failures = new ArrayList<>();

  JarSides(AbPlan plan, AbFolder folder, Cancellation cancellation) {
    this.plan = plan;
    this.folder = folder;
    this.cancellation = cancellation;
  }

  @Override
  public void run(AbCourse course) throws IOException {
    course.run(new Turns());
  }

  @Override
  public List<String> finish(AbCourse course) throws IOException {
    for (Side side : Side.values()) {
      // of a run that was told to stop, a repetition that it had may be there
      if (Files.isDirectory(folder.running(side))) {
        FileTrees.delete(folder.running(side));
      }
    }
    return failures;
  }

  /** A run each. */
  private final class Turns implements AbTurns {
    @Override
    public List<Turn> all() {
      return Arrays.stream(Side.values()).map(s -> new Turn(s, Optional.empty())).toList();
    }

    @Override
    public void begin(List<Turn> order) {
      // the orders of cells are those of the runs
    }

    @Override
    public void take(Turn turn, int block) throws IOException {
      Side side = turn.side();
      Path experiment = folder.side(side).experiment();
      Files.createDirectories(folder.running(side));
      Files.writeString(experiment, source(side, block));
      Path log = folder.logs().resolve(side.word() + "-%02d.log".formatted(block));
      int code = end(start(command(side, experiment), log));
      Optional<Path> ended =
          FileTrees.list(folder.running(side)).stream()
              .filter(p -> new RunFolder(p).exists())
              .findFirst();
      if (ended.isPresent()) {
        Files.move(ended.get(), folder.block(side, block).path());
      }
      FileTrees.delete(folder.running(side));
      if (code == 0) {
        Files.delete(log);
      } else if (!cancellation.cancelled()) {
        failed(side, block, code, log);
      }
    }

    private void failed(Side side, int block, int code, Path log) throws IOException {
      List<String> lines = Files.readAllLines(log);
      String last =
          String.join("; ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
      if (REFUSED.contains(code)) {
        throw new TestbedException(
            "side " + side.word() + " cannot run this experiment: " + last,
            side == Side.A ? "one that the older jar understands" : "");
      }
      failures.add(
          "side " + side.word() + ", block " + block + " ended with " + code + ": " + last);
    }

    /** The cells of a run are in an order of its seed. */
    private String source(Side side, int block) {
      return new ExperimentYaml(
              plan.of(side).experiment().name(), plan.of(side).experiment().source())
          .seed(new Random(31 * plan.seed() + block).longs(2).toArray()[side == Side.A ? 0 : 1])
          .text();
    }

    private List<String> command(Side side, Path experiment) {
      List<String> command =
          new ArrayList<>(JavaProcesses.plain(plan.jar().filter(_ -> side == Side.A)));
      command.addAll(
          List.of(
              "run",
              experiment.toString(),
              "--testbed",
              plan.testbed().word(),
              "--results",
              folder.running(side).toString(),
              "--no-report"));
      return command;
    }

    private static Process start(List<String> command, Path log) throws IOException {
      return new ProcessBuilder(Programs.ownSession(command))
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    }

    /** Waits for a process, which drains if this run is to stop. */
    private int end(Process process) {
      try (Cancellation.Handle _ = cancellation.onCancel(process::destroy)) {
        return process.waitFor();
      } catch (InterruptedException e) {
        process.destroy();
        Thread.currentThread().interrupt();
        throw new TestbedException("interrupted while a run went on", e);
      }
    }

    @Override
    public List<PairedBlock.Rows> rows(int block) {
      Map<String, SummaryRow> a = rows(Side.A, block);
      Map<String, SummaryRow> b = rows(Side.B, block);
      return plan.pairs().stream()
          .filter(p -> a.containsKey(p.a().key()) && b.containsKey(p.b().key()))
          .map(p -> new PairedBlock.Rows(p, a.get(p.a().key()), b.get(p.b().key())))
          .toList();
    }

    /** By the cells' keys, for ids of earlier versions are others. */
    private Map<String, SummaryRow> rows(Side side, int block) {
      Map<String, SummaryRow> rows = new HashMap<>();
      RunFolder run = folder.block(side, block);
      try {
        if (Files.isDirectory(run.path())) {
          RunResults.read(run)
              .measured()
              .forEach(c -> rows.put(c.cell().key(), c.repetitions().getFirst().summary()));
        }
      } catch (IOException e) {
        failures.add("side " + side.word() + ", block " + block + ": " + e.getMessage());
      }
      return rows;
    }
  }
}
