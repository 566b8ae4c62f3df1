package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** Why nothing can be told of how a cost grows. */
public enum Doubt implements Named {
  /** Too few numbers of Services were measured. */
  FEW_POINTS("few-points"),
  /** Too few independent loads of a number of Services were measured. */
  FEW_LOADS("few-loads"),
  /** Others had CPU time beside so many loads that too few are left. */
  DISTURBED("disturbed"),
  /** The same number of Services cost too different times. */
  SCATTER("scatter"),
  /** The first Service, measured twice, differed from itself. */
  CONTROL("control"),
  /** It grows; a line fits, and so does another curve. */
  SHAPE("shape");

  private final String word;

  Doubt(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
