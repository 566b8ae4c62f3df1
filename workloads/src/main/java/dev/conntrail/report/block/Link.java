package dev.conntrail.report.block;

/** Leads to a place: a cell of the page, or another page. */
public sealed interface Link permits CellLink, PageLink {
  /** Its address, from the page on which it stands. */
  String href();

  /** What is there. */
  String title();

  /** What stands for it where nothing can be followed. */
  String mark();
}
