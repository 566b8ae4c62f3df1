package dev.conntrail.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * A command that was called in this process.
 *
 * @param code how it ended
 * @param out what it printed
 * @param err what it printed beside that
 */
record Called(int code, String out, String err) {
  /** Calls one, without colours. */
  static Called with(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Conntrail.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    int code = line.execute(words);
    return new Called(code, out.toString(), err.toString());
  }
}
