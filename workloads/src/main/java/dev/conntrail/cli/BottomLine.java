package dev.conntrail.cli;

import java.io.PrintStream;
import java.util.function.IntSupplier;
import me.tongfei.progressbar.ProgressBarConsumer;

/**
 * The bottom line of a terminal, written anew in place; other lines are printed above it. The
 * library's own consumers are of no use here: they open the terminal by JLine, which resets what
 * its signals do, so that Ctrl-C would end the process at once.
 */
final class BottomLine implements ProgressBarConsumer {
  /** Erase to the end of the line (ECMA-48, EL). */
  private static final String ERASE = "\u001b[K";

  private static final int ECHO_COLUMNS = 2;

  private final PrintStream terminal;
  private final IntSupplier columns;
  private String text = "";
  private boolean closed;

  BottomLine(PrintStream terminal, IntSupplier columns) {
    this.terminal = terminal;
    this.columns = columns;
  }

  /** Less than there are columns, so that the ^C that a terminal writes behind it has room. */
  @Override
  public int getMaxRenderedLength() {
    return Math.max(0, columns.getAsInt() - ECHO_COLUMNS - 1);
  }

  @Override
  public synchronized void accept(String rendered) {
    if (!closed) {
      text = rendered.stripTrailing();
      terminal.print("\r" + text + ERASE);
      terminal.flush();
    }
  }

  /** Prints a line above it; below what was the bottom line, once it is closed. */
  synchronized void above(String line) {
    terminal.print((closed ? "" : "\r" + ERASE) + line + "\n" + (closed ? "" : text));
    terminal.flush();
  }

  /** Ends it: what comes next stands on a line of its own. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      terminal.println();
    }
  }
}
