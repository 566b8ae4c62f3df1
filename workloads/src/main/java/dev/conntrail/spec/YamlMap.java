package dev.conntrail.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML mapping that knows where it stands, and refuses keys that nobody asked for. */
final class YamlMap {
  /** A scalar with its place. */
  record Value(String key, ScalarNode node, String file) {
    String text() {
      return node.getValue();
    }

    /** What a function makes of it, which throws what is allowed. */
    <T> T read(Function<String, T> parse) {
      try {
        return parse.apply(text());
      } catch (IllegalArgumentException e) {
        throw refuse(e.getMessage());
      }
    }

    SpecException refuse(String allowed) {
      return fail(file, node, key, "found " + describe(node), allowed);
    }
  }

  private final String file;
  private final MappingNode node;
  private final String path;
  private final Map<String, Node> entries = new LinkedHashMap<>();

  private YamlMap(String file, MappingNode node, String path, List<String> allowed) {
    this.file = file;
    this.node = node;
    this.path = path;
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw fail(
            file, tuple.getKeyNode(), path, "found a key that is not a word", oneOf(allowed));
      }
      if (!allowed.contains(key.getValue())) {
        throw fail(
            file,
            key,
            join(path, key.getValue()),
            "found an unknown key",
            oneOf(allowed) + Nearest.of(key.getValue(), allowed));
      }
      if (entries.put(key.getValue(), tuple.getValueNode()) != null) {
        throw fail(
            file, key, join(path, key.getValue()), "found the key a second time", "each key once");
      }
    }
  }

  static YamlMap read(String file, String text, List<String> allowed) {
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setLabel(file)
              .setAllowDuplicateKeys(true)
              .setAllowNonScalarKeys(true)
              .build();
      Node root =
          new Compose(settings)
              .composeString(text)
              .orElseThrow(
                  () -> refusal(file, 1, "the file", "found nothing in it", mapping(allowed)));
      if (!(root instanceof MappingNode map)) {
        throw fail(file, root, "the file", "found " + describe(root), mapping(allowed));
      }
      return new YamlMap(file, map, "", allowed);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      throw new SpecException(file + ":" + line + ": not YAML: " + e.getProblem(), e);
    } catch (ReaderException e) {
      throw new SpecException(
          "%s:%d: not YAML: found the character U+%04X"
              .formatted(file, lineOf(text, e.getPosition()), e.getCodePoint()),
          e);
    } catch (YamlEngineException e) {
      throw new SpecException(file + ":1: not YAML: " + e.getMessage(), e);
    }
  }

  /**
   * The line of a character.
   *
   * @param position how many characters (code points) come before it
   */
  private static int lineOf(String text, int position) {
    return 1 + (int) text.codePoints().limit(position).filter(c -> c == '\n').count();
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  Optional<Value> scalar(String key) {
    return Optional.ofNullable(entries.get(key)).map(n -> scalar(key, n));
  }

  Value required(String key, String allowed) {
    return scalar(key)
        .orElseThrow(() -> fail(file, node, join(path, key), "found no such key", allowed));
  }

  /** A scalar or a list of scalars, each read by the same function; empty if the key is absent. */
  <T> List<T> axis(String key, Function<Value, T> read) {
    Node value = entries.get(key);
    return switch (value) {
      case null -> List.of();
      case SequenceNode list -> {
        if (list.getValue().isEmpty()) {
          throw fail(file, list, join(path, key), "found " + describe(list), "at least one value");
        }
        List<T> values = new ArrayList<>();
        for (Node n : list.getValue()) {
          T v = read.apply(scalar(key, n));
          if (values.contains(v)) {
            throw fail(
                file,
                n,
                join(path, key),
                "found " + describe(n) + " a second time",
                "each value once");
          }
          values.add(v);
        }
        yield values;
      }
      default -> List.of(read.apply(scalar(key, value)));
    };
  }

  Optional<YamlMap> map(String key, List<String> allowed) {
    return Optional.ofNullable(entries.get(key)).map(n -> asMap(key, n, allowed));
  }

  /** A list of mappings, or one that stands alone; there has to be something in each. */
  List<YamlMap> maps(String key, List<String> allowed) {
    Node value = entries.get(key);
    String blocks = "a list of at least one block with " + oneOf(allowed);
    return switch (value) {
      case null -> throw fail(file, node, join(path, key), "found no such key", blocks);
      case SequenceNode list when !list.getValue().isEmpty() ->
          list.getValue().stream().map(n -> block(key, n, allowed, blocks)).toList();
      case MappingNode _ -> List.of(block(key, value, allowed, blocks));
      default -> throw fail(file, value, join(path, key), "found " + describe(value), blocks);
    };
  }

  private YamlMap block(String key, Node n, List<String> allowed, String blocks) {
    YamlMap block = asMap(key, n, allowed);
    if (block.entries.isEmpty()) {
      throw fail(file, n, join(path, key), "found " + describe(n), blocks);
    }
    return block;
  }

  /** What stands at a key, as errors say it. */
  String text(String key) {
    Node value = entries.get(key);
    return switch (value) {
      case null -> "nothing";
      case ScalarNode scalar -> scalar.getValue();
      case SequenceNode list ->
          list.getValue().stream()
              .map(n -> n instanceof ScalarNode scalar ? scalar.getValue() : "...")
              .collect(Collectors.joining(", "));
      default -> "...";
    };
  }

  SpecException refuse(String key, String found, String allowed) {
    return fail(file, entries.getOrDefault(key, node), join(path, key), found, allowed);
  }

  private YamlMap asMap(String key, Node n, List<String> allowed) {
    if (n instanceof MappingNode m) {
      return new YamlMap(file, m, join(path, key), allowed);
    }
    throw fail(file, n, join(path, key), "found " + describe(n), mapping(allowed));
  }

  private Value scalar(String key, Node n) {
    if (n instanceof ScalarNode s && !s.getTag().equals(Tag.NULL)) {
      return new Value(join(path, key), s, file);
    }
    throw fail(file, n, join(path, key), "found " + describe(n), "one value");
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String describe(Node n) {
    return switch (n) {
      case ScalarNode s when s.getTag().equals(Tag.NULL) -> "nothing";
      case ScalarNode s -> "'" + s.getValue() + "'";
      case SequenceNode list -> list.getValue().isEmpty() ? "an empty list" : "a list";
      case MappingNode map -> map.getValue().isEmpty() ? "an empty mapping" : "a mapping";
      default -> n.getNodeType().toString();
    };
  }

  private static SpecException fail(
      String file, Node at, String key, String found, String allowed) {
    return refusal(file, at.getStartMark().map(Mark::getLine).orElse(0) + 1, key, found, allowed);
  }

  private static SpecException refusal(
      String file, int line, String key, String found, String allowed) {
    return new SpecException(
        file + ":" + line + ": " + key + ": " + found + "; allowed: " + allowed);
  }

  private static String mapping(List<String> keys) {
    return "a mapping with " + oneOf(keys);
  }

  private static String oneOf(List<String> words) {
    return String.join(", ", words);
  }
}
