package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);

  /** A terminal driver makes a new line begin at the left. */
  private List<String> screen(int columns) {
    return Screen.of(written.toString(StandardCharsets.UTF_8).replace("\n", "\r\n"), columns);
  }

  private ConsoleProgress terminal(int columns) {
    return new ConsoleProgress("quick", 4, err, true, () -> columns);
  }

  @Test
  void linesStandAboveTheBarAndWhatFollowsStandsBelow() {
    try (ConsoleProgress progress = terminal(80)) {
      progress.say("cleared 14 namespaces");
      progress.repetition(1, 4, "iptables, short-lived, 10 callers, repetition 1");
      progress.say("FAILED " + "x".repeat(100));
      progress.repetition(4, 4, "direct, http1, 10 connections, repetition 1");
    }
    err.println("results: results/quick (complete)");
    List<String> screen = screen(80);
    assertThat(screen).hasSize(6);
    assertThat(screen.getFirst()).isEqualTo("cleared 14 namespaces");
    assertThat(screen.get(1) + screen.get(2)).isEqualTo("FAILED " + "x".repeat(100));
    assertThat(screen.get(3))
        .matches("quick 100% \\[={10,}] 4/4 \\(.*\\) direct, http1, 10 conn\\w*");
    assertThat(screen.subList(4, 6)).containsExactly("results: results/quick (complete)", "");
  }

  /** The ^C that a terminal writes at the end of the bar does not make it two lines. */
  @Test
  void theBarLeavesRoomForWhatATerminalEchoes() {
    for (int columns : List.of(20, 60, 80, 200)) {
      written.reset();
      try (ConsoleProgress progress = terminal(columns)) {
        progress.repetition(2, 4, "iptables, short-lived, 10 callers, repetition 1");
        err.print("^C");
        progress.say("stopping");
      }
      assertThat(screen(columns)).as(columns + " columns").hasSize(3).startsWith("stopping");
    }
  }

  @Test
  void aBarThatIsEndedIsNotWrittenAgain() {
    try (ConsoleProgress progress = terminal(80)) {
      progress.end();
      progress.say("ended at once");
      progress.repetition(1, 4, "direct");
    }
    assertThat(screen(80)).hasSize(3).element(1).isEqualTo("ended at once");
  }

  @Test
  void elsewhereThereAreLines() {
    try (ConsoleProgress progress = new ConsoleProgress("quick", 4, err, false, () -> 80)) {
      progress.say("booting");
      progress.repetition(3, 4, "direct, http1");
      progress.repetition(4, 4, "direct, http2");
    }
    assertThat(written.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("booting", "3/4 direct, http1", "4/4 direct, http2; 0 s left");
  }
}
