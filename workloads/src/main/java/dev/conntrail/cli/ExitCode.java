package dev.conntrail.cli;

/** Exit codes. */
final class ExitCode {
  static final int OK = 0;

  /** The command line or a spec is wrong. */
  static final int USAGE = 2;

  /** This machine lacks something. */
  static final int PREREQUISITE = 3;

  /** Cells failed, or the run is not whole. */
  static final int CELLS = 4;

  private ExitCode() {}
}
