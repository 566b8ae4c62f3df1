package dev.conntrail.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The ratio of times that matters, as {@code --margin} names it. */
final class Margin {
  private static final double MOST = 10;

  private Margin() {}

  /** Refuses what is no ratio that could matter. */
  static void check(CommandSpec spec, double margin) {
    if (!(margin > 1 && margin <= MOST)) {
      throw new ParameterException(
          spec.commandLine(), "--margin: found " + margin + "; allowed: above 1, up to 10");
    }
  }
}
