package dev.conntrail.cli;

/** Exit codes; beside them 128 and a signal's number: 130 after Ctrl-C, 143 after SIGTERM. */
final class ExitCode {
  static final int OK = 0;

  /** The command line or a spec is wrong. */
  static final int USAGE = 2;

  /** This machine lacks something. */
  static final int PREREQUISITE = 3;

  /** Cells failed, or the run is not whole. */
  static final int CELLS = 4;

  /** A verdict was given that {@code --fail-on} names. */
  static final int VERDICT = 5;

  /** With {@code --strict}: a verdict cannot be told. */
  static final int UNTOLD = 6;

  private ExitCode() {}
}
