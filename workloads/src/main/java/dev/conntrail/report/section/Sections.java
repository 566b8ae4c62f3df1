package dev.conntrail.report.section;

import java.util.List;

/** The sections of a report, in order. */
public final class Sections {
  private Sections() {}

  /** All of them. */
  public static List<Section> all() {
    return List.of(new AnswerSection(), new CellsSection(), new LookupsSection());
  }
}
