package dev.conntrail.spec;

import dev.conntrail.spec.YamlMap.Value;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads an experiment from YAML, strictly: whatever is not understood is refused with its place.
 */
public final class ExperimentReader {
  private static final List<String> TOP =
      List.of("experiment", "question", "testbed", "matrix", "phases", "repetitions", "seed");

  private ExperimentReader() {}

  /**
   * Reads a file.
   *
   * @param instead the testbed to take, whatever the file names
   */
  public static Experiment read(Path file, Optional<TestbedKind> instead) {
    return yaml(file).read(instead);
  }

  /** The text of a file, not parsed yet. */
  static ExperimentYaml yaml(Path file) {
    try {
      return new ExperimentYaml(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new SpecException(file + ": no such file; `list` names the bundled experiments", e);
    } catch (MalformedInputException e) {
      throw new SpecException(file + ": not UTF-8 text", e);
    } catch (IOException e) {
      throw new SpecException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Refuses what is not laid out as an experiment is, whatever its values. */
  static void requireShape(String file, String text) {
    YamlMap.read(file, text, TOP).maps("matrix", BlockReader.KEYS);
  }

  /** Parses text; {@code file} is what errors call it. */
  public static Experiment parse(String file, String text) {
    return parse(file, text, Optional.empty());
  }

  /**
   * Parses text.
   *
   * @param file what errors call it
   * @param instead the testbed to take, whatever the text names
   */
  public static Experiment parse(String file, String text, Optional<TestbedKind> instead) {
    YamlMap top = YamlMap.read(file, text, TOP);
    String name = Scalars.name(top.required("experiment", "a name of a-z, 0-9 and -"));
    String question = top.scalar("question").map(Value::text).orElse("");
    TestbedKind testbed =
        instead.orElse(
            top.scalar("testbed")
                .map(v -> Scalars.word(TestbedKind.class, v))
                .orElse(TestbedKind.NETNS));
    Course course = CourseReader.ofExperiment(top);
    long seed = top.scalar("seed").map(Scalars::seed).orElse(1L);
    Matrix matrix = new Matrix(testbed, instead.isPresent());
    for (YamlMap block : top.maps("matrix", BlockReader.KEYS)) {
      matrix.add(block, course);
    }
    Experiment experiment = new Experiment(name, question, testbed, matrix.blocks, seed, text);
    if (experiment.possible().isEmpty()) {
      throw top.refuse(
          "matrix",
          "found no cell that can run on testbed " + testbed.word() + " (" + matrix.why() + ")",
          "another testbed for these");
    }
    return experiment;
  }

  /** The cells of all blocks, each once. */
  private static final class Matrix {
    private final TestbedKind testbed;
    private final boolean instead;
    private final Set<String> seen = new HashSet<>();
    private final List<List<Cell>> blocks = new ArrayList<>();

    Matrix(TestbedKind testbed, boolean instead) {
      this.testbed = testbed;
      this.instead = instead;
    }

    void add(YamlMap block, Course otherwise) {
      List<Cell> cells =
          distinct(BlockReader.cells(block, testbed, CourseReader.ofBlock(block, otherwise)));
      CellChecks checks = new CellChecks(block);
      for (Cell cell : cells) {
        check(cell, checks);
        if (!seen.add(cell.key())) {
          throw block.refuse(
              "protocol", "found the cell " + cell.title() + " a second time", "each cell once");
        }
      }
      if (!cells.isEmpty()) {
        blocks.add(cells);
      }
    }

    /**
     * On clusters the backend is kube-proxy's own choice, and so is when rules follow: cells that
     * differ in it alone are one. Real pods take seconds to come, and an event is to be seen whole.
     */
    private List<Cell> distinct(List<Cell> cells) {
      return instead && testbed.kubernetes()
          ? cells.stream()
              .map(c -> c.with(Axes.IPTABLES_BACKEND, IptablesBackend.AUTO))
              .map(c -> c.with(ClusterLife.course(c.course(), c.pods())))
              .filter(c -> !seen.contains(c.key()))
              .distinct()
              .toList()
          : cells;
    }

    /**
     * What can be nowhere is refused, and what its testbed never has: unless that was named in
     * place of the file's own, for then it is left out where cells are placed.
     */
    private void check(Cell cell, CellChecks checks) {
      checks.check(cell);
      if (!instead) {
        testbed
            .lacks(cell)
            .ifPresent(need -> {
              throw checks.refusal(need, testbed);
            });
      }
    }

    /** Why no cell can be there, each reason once. */
    private String why() {
      return blocks.stream()
          .flatMap(List::stream)
          .flatMap(c -> testbed.lacks(c).stream())
          .map(need -> need.cannot(testbed))
          .distinct()
          .collect(Collectors.joining("; "));
    }
  }
}
