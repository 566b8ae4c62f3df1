package dev.conntrail.experiment;

import java.nio.file.Path;

/** Told how a run goes on. */
public interface Progress {
  /** A line for the user. */
  void say(String line);

  /** Results go to this folder, which is renamed when the run ends. */
  default void folder(Path partial) {}

  /** A repetition ends; {@code done} of {@code all} are. */
  void repetition(int done, int all, String what);
}
