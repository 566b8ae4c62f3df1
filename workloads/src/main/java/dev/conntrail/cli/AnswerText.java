package dev.conntrail.cli;

import dev.conntrail.report.finding.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An answer as lines for a terminal: each begins with what it is about. */
final class AnswerText {
  /** Lines that are longer go on below, indented. */
  static final int COLUMNS = 106;

  private static final int NARROWEST = 40;
  private static final String LABEL = "%-9s";
  private static final String INDENT = LABEL.formatted("");

  private AnswerText() {}

  /** The lines, in so many columns; a path is never broken. */
  static List<String> lines(Answered answered, int columns) {
    List<String> lines = new ArrayList<>();
    int room = Math.max(NARROWEST, Math.min(COLUMNS, columns)) - INDENT.length();
    for (Answer.Line line : answered.answer().lines()) {
      String label = label(line.label());
      for (String part : Wrapped.lines(line.text(), room)) {
        lines.add(label + part);
        label = INDENT;
      }
    }
    lines.add(
        answered
            .page()
            .map(page -> label("report") + page)
            .orElseGet(() -> folder(answered.folder())));
    return lines;
  }

  /** The line that names a folder which has no report. */
  static String folder(Path folder) {
    return label("folder") + Answered.absolute(folder);
  }

  private static String label(String word) {
    return LABEL.formatted(word + ":");
  }
}
