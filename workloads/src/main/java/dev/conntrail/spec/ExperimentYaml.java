package dev.conntrail.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * An experiment's YAML, in which something can be set otherwise.
 *
 * @param file what errors call it
 * @param text the YAML
 */
public record ExperimentYaml(String file, String text) {
  private static final String MATRIX = "matrix";
  private static final String PLANE = Axes.DATA_PLANE.word();
  private static final String REPETITIONS = "repetitions";

  /**
   * The experiment.
   *
   * @param instead the testbed to take, whatever the text names
   */
  public Experiment read(Optional<TestbedKind> instead) {
    return ExperimentReader.parse(file, text, instead);
  }

  /**
   * The same with an axis set in every block that has a use for it: that of one data plane in those
   * with this data plane, the data plane in those that have a Service. What means nothing to a data
   * plane that is set goes.
   *
   * @param axis one of {@link Axes#words}
   * @throws SpecException if no block has a use for it, or the text is no experiment's
   */
  public ExperimentYaml with(String axis, String value) {
    String with = file + " with " + axis + ": " + value;
    boolean[] set = {false};
    String changed =
        edited(root ->
            matrix(
                root,
                block -> {
                  if (!uses(block, axis)) {
                    return block;
                  }
                  set[0] = true;
                  MappingNode other = put(block, axis, compose(value));
                  return axis.equals(PLANE) ? withoutOthers(other, value) : other;
                }));
    if (!set[0]) {
      throw new SpecException(
          file + ": " + axis + ": found no block that has a use for it; allowed: " + needed(axis));
    }
    return new ExperimentYaml(with, changed);
  }

  private static String needed(String axis) {
    return axis.equals(PLANE)
        ? "it beside a block with a Service"
        : "it beside a block with data-plane: " + Axes.find(axis).orElseThrow().planeWords();
  }

  /** Whether a block names an axis. */
  public boolean names(Axis<?> axis) {
    ExperimentReader.requireShape(file, text);
    return blocks((MappingNode) compose(text)).stream()
        .anyMatch(b -> value((MappingNode) b, axis.word()).isPresent());
  }

  /** The same with one repetition of each cell. */
  public ExperimentYaml once() {
    return new ExperimentYaml(
        file,
        edited(root ->
            put(
                matrix(root, block -> without(block, List.of(REPETITIONS))),
                REPETITIONS,
                compose("1"))));
  }

  /** The same with a seed. */
  public ExperimentYaml seed(long seed) {
    return new ExperimentYaml(
        file, edited(root -> put(root, "seed", compose(Long.toString(seed)))));
  }

  /** The same with one more cell, in a block of its own at the end. */
  public ExperimentYaml and(Cell cell) {
    return new ExperimentYaml(
        file,
        edited(root -> {
          List<Node> blocks = new ArrayList<>(blocks(root));
          blocks.add(compose(block(cell)));
          return put(root, MATRIX, new SequenceNode(Tag.SEQ, blocks, FlowStyle.BLOCK));
        }));
  }

  private static String block(Cell cell) {
    Map<String, String> parts = cell.axes();
    String ofCell =
        Axes.ALL.stream()
            .filter(a -> a.appliesTo(cell))
            .filter(a -> cell.find(a).isPresent() || a.equals(Axes.CLIENT))
            .map(a -> a.word() + ": " + a.effective(cell))
            .collect(Collectors.joining(", "));
    String phases =
        Stream.of("warmup", "idle", "measure", "drain")
            .map(p -> p + ": " + parts.get(p))
            .collect(Collectors.joining(", "));
    return "{" + ofCell + ", phases: {" + phases + "}}";
  }

  /** Whether an axis means anything to a cell of a block. */
  private static boolean uses(MappingNode block, String axis) {
    List<String> planes = planes(block);
    if (axis.equals(PLANE)) {
      return !planes.equals(List.of(DataPlane.DIRECT.word()));
    }
    return planes.stream().anyMatch(p -> means(axis, p));
  }

  private static List<String> planes(MappingNode block) {
    return value(block, PLANE)
        .map(v ->
            (v instanceof SequenceNode list ? list.getValue() : List.of(v))
                .stream().map(n -> n instanceof ScalarNode word ? word.getValue() : "").toList())
        .orElse(List.of(Axes.DATA_PLANE.usual().orElseThrow().word()));
  }

  /** Whether an axis means anything to a data plane; what is none is refused when it is read. */
  private static boolean means(String axis, String plane) {
    Optional<DataPlane> known = Named.find(DataPlane.class, plane);
    return known.isEmpty() || Axes.find(axis).orElseThrow().appliesTo(known.get());
  }

  private static MappingNode withoutOthers(MappingNode block, String plane) {
    return without(block, Axes.words().stream().filter(a -> !means(a, plane)).toList());
  }

  private String edited(UnaryOperator<MappingNode> edit) {
    ExperimentReader.requireShape(file, text);
    DumpSettings settings =
        DumpSettings.builder()
            .setDumpComments(true)
            .setDereferenceAliases(true)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setWidth(Integer.MAX_VALUE)
            .build();
    MappingNode root = edit.apply((MappingNode) compose(text));
    // a comment and a flow mapping after it would lose their indent
    blocks(root).stream()
        .filter(MappingNode.class::isInstance)
        .forEach(b -> ((MappingNode) b).setFlowStyle(FlowStyle.BLOCK));
    return new Present(settings)
        .emitToString(new Serialize(settings).serializeOne(root).iterator());
  }

  private static Node compose(String yaml) {
    LoadSettings settings = LoadSettings.builder().setParseComments(true).build();
    return new Compose(settings).composeString(yaml).orElseThrow();
  }

  private static MappingNode matrix(MappingNode root, UnaryOperator<MappingNode> edit) {
    List<Node> blocks = blocks(root).stream().map(b -> (Node) edit.apply((MappingNode) b)).toList();
    return put(root, MATRIX, new SequenceNode(Tag.SEQ, blocks, FlowStyle.BLOCK));
  }

  /** A block may stand alone. */
  private static List<Node> blocks(MappingNode root) {
    Node matrix = value(root, MATRIX).orElseThrow();
    return matrix instanceof SequenceNode list ? list.getValue() : List.of(matrix);
  }

  private static Optional<Node> value(MappingNode map, String key) {
    return map.getValue().stream()
        .filter(t -> key(t).equals(key))
        .map(NodeTuple::getValueNode)
        .findFirst();
  }

  private static String key(NodeTuple tuple) {
    return ((ScalarNode) tuple.getKeyNode()).getValue();
  }

  private static MappingNode put(MappingNode map, String key, Node value) {
    List<NodeTuple> tuples = new ArrayList<>();
    boolean found = false;
    for (NodeTuple tuple : map.getValue()) {
      boolean here = key(tuple).equals(key);
      found |= here;
      tuples.add(here ? new NodeTuple(tuple.getKeyNode(), value) : tuple);
    }
    if (!found) {
      tuples.add(new NodeTuple(compose(key), value));
    }
    map.setValue(tuples);
    return map;
  }

  private static MappingNode without(MappingNode map, List<String> keys) {
    map.setValue(map.getValue().stream().filter(t -> !keys.contains(key(t))).toList());
    return map;
  }
}
