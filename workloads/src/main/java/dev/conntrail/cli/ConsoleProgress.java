package dev.conntrail.cli;

import dev.conntrail.experiment.Progress;
import java.io.Console;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar with the time left on a terminal, plain lines elsewhere. */
final class ConsoleProgress implements Progress, AutoCloseable {
  private final ProgressBar bar;
  private final long startNs = System.nanoTime();

  ConsoleProgress(String name, int all) {
    bar =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
            ? new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(all)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .build()
            : null;
  }

  @Override
  public void say(String line) {
    if (bar == null) {
      System.err.println(line);
    } else {
      System.err.println("\r" + line);
    }
  }

  @Override
  public void repetition(int done, int all, String what) {
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(" " + what);
    } else {
      Duration left = Duration.ofNanos((System.nanoTime() - startNs) / done * (all - done));
      System.err.printf(
          "%d/%d %s; %s left%n",
          done, all, what, PlanCommand.text(Duration.ofSeconds(left.toSeconds())));
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
