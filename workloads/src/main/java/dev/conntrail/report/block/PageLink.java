package dev.conntrail.report.block;

/**
 * Leads to another page, or to a file.
 *
 * @param href its address, from the page on which it stands
 * @param title what is there
 */
public record PageLink(String href, String title) implements Link {
  @Override
  public String mark() {
    return href;
  }
}
