package dev.conntrail.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * What a terminal shows of what was written to it: carriage returns go back on the line, a line
 * that is full goes on in the next, and of all control sequences there is the one that erases to
 * the end of the line.
 */
final class Screen {
  private static final String ERASE = "\u001b[K";

  private final int columns;
  private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
  private int column;

  private Screen(int columns) {
    this.columns = columns;
  }

  /** The lines that are shown in the end, from the first that was ever written. */
  static List<String> of(String written, int columns) {
    Screen screen = new Screen(columns);
    for (int i = 0; i < written.length(); i++) {
      if (written.startsWith(ERASE, i)) {
        screen.line().setLength(Math.min(screen.column, screen.line().length()));
        i += ERASE.length() - 1;
      } else {
        screen.write(written.charAt(i));
      }
    }
    return screen.lines.stream().map(l -> l.toString().stripTrailing()).toList();
  }

  private StringBuilder line() {
    return lines.getLast();
  }

  private void write(char c) {
    switch (c) {
      case '\r' -> column = 0;
      case '\n' -> lines.add(new StringBuilder(" ".repeat(column)));
      case '\u001b' -> throw new AssertionError("a control sequence that is none of ours");
      default -> {
        if (column == columns) {
          lines.add(new StringBuilder());
          column = 0;
        }
        if (column == line().length()) {
          line().append(c);
        } else {
          line().setCharAt(column, c);
        }
        column++;
      }
    }
  }
}
