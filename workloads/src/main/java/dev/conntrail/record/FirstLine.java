package dev.conntrail.record;

import java.nio.charset.StandardCharsets;

/**
 * How something that somebody else sent begins, as it can be shown in a message: its first line
 * that is not blank, without blanks around it, no longer than a message bears, a dot for each
 * character that is not printable ASCII.
 */
public final class FirstLine {
  private static final int SHOWN = 40;

  /** Within so many bytes it is looked for. */
  private static final int SEARCHED = 4096;

  private FirstLine() {}

  /** That of a text; empty if it has none. */
  public static String of(String text) {
    return text.lines()
        .map(String::strip)
        .filter(l -> !l.isEmpty())
        .findFirst()
        .map(l -> l.substring(0, Math.min(SHOWN, l.length())).replaceAll("[^ -~]", "."))
        .orElse("");
  }

  /** That of bytes, a character each. */
  public static String of(byte[] bytes, int from, int to) {
    return of(new String(bytes, from, Math.min(to - from, SEARCHED), StandardCharsets.ISO_8859_1));
  }
}
