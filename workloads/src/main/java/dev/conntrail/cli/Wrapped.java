package dev.conntrail.cli;

import java.util.ArrayList;
import java.util.List;

/** Text in lines of no more than so many columns. */
final class Wrapped {
  private Wrapped() {}

  /** Broken between words; a word that is longer has a line of its own. */
  static List<String> lines(String text, int columns) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.split(" ", -1)) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (longer.length() > columns && !line.isEmpty()) {
        lines.add(line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.add(line);
    return lines;
  }
}
