package dev.conntrail.report.oracle;

import java.util.Optional;

/**
 * Paragraphs and captions of sections: each is of a form that is known here, with a check of what
 * it claims, or one of those that claim nothing of a run's data.
 */
record OfSections(Forms cells, Forms run, Forms cures) {
  static OfSections of(Facts facts, Judge judge, Optional<Facts> beside) {
    return new OfSections(
        new OfCells(facts, judge), new OfRun(facts, judge, beside), new OfCures(facts, judge));
  }

  void check(PageText text) {
    if (!Claimless.knows(text) && !cells.check(text) && !run.check(text) && !cures.check(text)) {
      throw new AssertionError("nobody knows whether it is true: " + text);
    }
  }
}
