package dev.conntrail.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What results/README.md says of the JSON of a command.
 *
 * @param text its chapter
 */
record Explained(String text) {
  private static final Pattern FIELD =
      Pattern.compile("^\\| `([a-z_.]+)` \\| .{8,} \\|$", Pattern.MULTILINE);

  /** The chapter of a command, such as {@code chance --json}. */
  static Explained of(String command) throws IOException {
    String dictionary = Files.readString(Path.of("../results/README.md"));
    return new Explained(
        dictionary.split("### `" + Pattern.quote(command) + "`\n", 2)[1].split("\n###? ", 2)[0]);
  }

  /** The fields that are explained, in order. */
  List<String> fields() {
    return FIELD.matcher(text).results().map(m -> m.group(1)).toList();
  }

  /** The fields that an answer has, in order. */
  static List<String> fieldsOf(Map<?, ?> answer) {
    return paths("", answer).distinct().toList();
  }

  private static Stream<String> paths(String path, Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .flatMap(e ->
                  paths(path.isEmpty() ? "" + e.getKey() : path + "." + e.getKey(), e.getValue()));
      case List<?> list -> list.stream().flatMap(e -> paths(path, e));
      case null, default -> Stream.of(path);
    };
  }
}
