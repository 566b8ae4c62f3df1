package dev.conntrail.report.block;

import dev.conntrail.result.CellResults;

/**
 * Leads to a cell of the report.
 *
 * @param id the cell's short name
 * @param number its place in the run, from 1
 * @param title as a person would say it
 */
public record CellLink(String id, int number, String title) implements Link {
  /** To a cell. */
  public static CellLink to(CellResults cell) {
    return new CellLink(cell.id().word(), cell.number(), cell.title());
  }

  /** Where it is in the page. */
  public String anchor() {
    return "cell-" + id;
  }

  @Override
  public String href() {
    return "#" + anchor();
  }

  @Override
  public String mark() {
    return "#" + number;
  }
}
