package dev.conntrail.dataplane.objects;

import java.util.List;
import java.util.Map;

/** How messages say what stands in a file: on one line, and not at length. */
final class Found {
  private static final int LONGEST = 60;
  private static final int LONGEST_NAME = 200;

  private Found() {}

  /** A value of a tree of maps, lists and scalars. */
  static String text(Object value) {
    return switch (value) {
      case null -> "nothing";
      case String s -> "'" + oneLine(s) + "'";
      case Number n -> oneLine(n.toString());
      case Boolean b -> b.toString();
      case List<?> _ -> "a list";
      case Map<?, ?> _ -> "a map";
      default -> "a value of another kind";
    };
  }

  /** Text without what would break a line or steer a terminal, cut where it gets long. */
  static String oneLine(String text) {
    return oneLine(text, LONGEST);
  }

  /** The same for names, which are longer when they are whole. */
  static String name(String text) {
    return oneLine(text, LONGEST_NAME);
  }

  private static String oneLine(String text, int longest) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(longest)
        .map(c -> printable(c) ? c : '?')
        .forEach(line::appendCodePoint);
    return text.codePointCount(0, text.length()) > longest ? line + "..." : line.toString();
  }

  private static boolean printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
