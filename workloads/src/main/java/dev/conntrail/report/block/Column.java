package dev.conntrail.report.block;

/**
 * The head of a column.
 *
 * @param name short
 * @param meaning a sentence for who does not know the name; empty where it is plain English
 * @param numeric whether its fields are figures
 */
public record Column(String name, String meaning, boolean numeric) {
  /** Of words. */
  public static Column words(String name) {
    return new Column(name, "", false);
  }

  /** Of figures. */
  public static Column figures(String name) {
    return new Column(name, "", true);
  }

  /** The same with what it means. */
  public Column explained(String sentence) {
    return new Column(name, sentence, numeric);
  }
}
