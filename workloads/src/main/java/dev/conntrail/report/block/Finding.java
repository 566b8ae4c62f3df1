package dev.conntrail.report.block;

import java.util.Map;
import java.util.Optional;

/**
 * A sentence that the run shows.
 *
 * @param id names what it is about, the same in every report
 * @param tone whether all is as it should be
 * @param text one or two plain sentences, made from the verdict, with the figures
 * @param figures those in the text, by name, as they were before they were rounded
 * @param evidence how the figures were had
 * @param weight findings of greater weight come first
 */
public record Finding(
    String id, Tone tone, String text, Map<String, Figure> figures, Evidence evidence, int weight) {
  /**
   * How the figures of a finding were had.
   *
   * @param file of the result folder, or several
   * @param columns of it, joined by commas
   * @param how they were combined: the statistic, the test, the interval
   * @param n how many of what
   * @param power what could have been found; empty where nothing was tested
   * @param cell to look at; empty where it is about many
   */
  public record Evidence(
      String file,
      String columns,
      String how,
      String n,
      Optional<String> power,
      Optional<CellLink> cell) {
    /** One without a test, of no cell in particular. */
    public static Evidence of(String file, String columns, String how, String n) {
      return new Evidence(file, columns, how, n, Optional.empty(), Optional.empty());
    }

    /** The same, with what could have been found. */
    public Evidence withPower(String found) {
      return new Evidence(file, columns, how, n, Optional.of(found), cell);
    }

    /** The same, with a cell to look at. */
    public Evidence at(CellLink link) {
      return new Evidence(file, columns, how, n, power, Optional.of(link));
    }
  }
}
