package dev.conntrail.cli;

import dev.conntrail.experiment.Progress;
import dev.conntrail.posix.Terminal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Says how a run goes on, to standard error: on a terminal a bar with the time left and the lines
 * above it, plain lines elsewhere.
 */
final class ConsoleProgress implements Progress, AutoCloseable {
  private static final int UPDATE_MS = 500;
  private static final int USUAL_COLUMNS = 80;

  /** What stands beside the bar: percentage, both numbers' marks, time gone and time left. */
  private static final int BESIDE_BAR = 36;

  private static final int SHORTEST_BAR = 10;

  private final PrintStream err;
  private final Optional<Bar> bar;
  private final TimeLeft timeLeft = new TimeLeft(System::nanoTime);
  private volatile Optional<Path> folder = Optional.empty();

  /**
   * The bar.
   *
   * @param least columns that are its own; the rest is for what it says
   */
  private record Bar(ProgressBar bar, BottomLine line, int least) implements AutoCloseable {
    static Bar of(String name, int all, BottomLine line, TimeLeft left) {
      ProgressBar bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(all)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(UPDATE_MS)
              .continuousUpdate()
              .setEtaFunction(s -> left.after(s.getCurrent(), s.getMax()))
              .setConsumer(line)
              .build();
      int numbers = 2 * Integer.toString(all).length();
      return new Bar(bar, line, name.length() + numbers + BESIDE_BAR + SHORTEST_BAR);
    }

    void step(int done, int all, String what) {
      int room = Math.max(0, line.getMaxRenderedLength() - least);
      bar.setExtraMessage(what.length() <= room ? what : what.substring(0, room));
      bar.maxHint(all);
      bar.stepTo(done);
    }

    @Override
    public void close() {
      bar.close();
      // a bar that is closed before it was first written does not close its line
      line.close();
    }
  }

  ConsoleProgress(String name, int all) {
    this(
        name,
        all,
        System.err,
        onTerminal(),
        () -> Terminal.columns(Terminal.ERR).orElse(USUAL_COLUMNS));
  }

  ConsoleProgress(String name, int all, PrintStream err, boolean terminal, IntSupplier columns) {
    this.err = err;
    this.bar =
        terminal
            ? Optional.of(Bar.of(name, all, new BottomLine(err, columns), timeLeft))
            : Optional.empty();
  }

  /** One that says nothing. */
  static ConsoleProgress silent(String name, int all) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new ConsoleProgress(name, all, nowhere, false, () -> USUAL_COLUMNS);
  }

  /** Terminals that cannot go back on a line are served as files are. */
  private static boolean onTerminal() {
    String kind = Optional.ofNullable(System.getenv("TERM")).orElse("dumb");
    return !kind.equals("dumb") && Terminal.columns(Terminal.ERR).isPresent();
  }

  @Override
  public void say(String line) {
    bar.map(Bar::line).ifPresentOrElse(b -> b.above(line), () -> err.println(line));
  }

  @Override
  public void folder(Path partial) {
    folder = Optional.of(partial);
  }

  /** Where results go for now; empty before that is known. */
  Optional<Path> folder() {
    return folder;
  }

  @Override
  public void repetition(int done, int all, String what) {
    if (bar.isPresent()) {
      bar.get().step(done, all, what);
      return;
    }
    String left =
        timeLeft
            .after(done, all)
            .map(t -> "; " + TimeText.of(Duration.ofSeconds(t.toSeconds())) + " left")
            .orElse("");
    err.printf("%d/%d %s%s%n", done, all, what, left);
  }

  /** Ends the bar where it is, and waits for nothing. */
  void end() {
    bar.map(Bar::line).ifPresent(BottomLine::close);
  }

  @Override
  public void close() {
    bar.ifPresent(Bar::close);
  }
}
