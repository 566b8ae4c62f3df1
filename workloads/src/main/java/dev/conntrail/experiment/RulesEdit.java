package dev.conntrail.experiment;

import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What {@code --edit-rules} asks for. */
public final class RulesEdit {
  private RulesEdit() {}

  /**
   * The edit that {@code REGEX=>REPLACEMENT} asks for; the identity for an empty text.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static UnaryOperator<String> of(String text) {
    if (text.isEmpty()) {
      return UnaryOperator.identity();
    }
    int arrow = text.indexOf("=>");
    if (arrow <= 0) {
      throw new IllegalArgumentException(
          "--edit-rules: found '" + text + "'; allowed: REGEX=>REPLACEMENT");
    }
    try {
      Pattern pattern = Pattern.compile(text.substring(0, arrow));
      String replacement = text.substring(arrow + 2);
      return rules -> pattern.matcher(rules).replaceAll(replacement);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "--edit-rules: '" + e.getPattern() + "' is no regular expression: " + e.getDescription(),
          e);
    }
  }
}
