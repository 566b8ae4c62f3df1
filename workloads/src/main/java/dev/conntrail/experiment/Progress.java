package dev.conntrail.experiment;

/** Told how a run goes on. */
public interface Progress {
  /** A line for the user. */
  void say(String line);

  /** A repetition ends; {@code done} of {@code all} are. */
  void repetition(int done, int all, String what);
}
