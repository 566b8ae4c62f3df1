package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import java.util.List;

/** A section of a report. */
public interface Section {
  /** Names it in the page. */
  String id();

  /** Its heading. */
  String title();

  /** What it says of a run; nothing where the run has nothing of it. */
  List<Block> blocks(Analysis run);

  /** Whether it is open before the reader asks. */
  default boolean open(Analysis run) {
    return false;
  }
}
