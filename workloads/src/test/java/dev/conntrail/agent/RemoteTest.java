package dev.conntrail.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String CLOCK =
      "read order; echo '" + Codec.line(new Answer.Clock(1)) + "'; ";

  @TempDir private Path folder;

  private Remote start(String script) throws IOException {
    return Remote.start(
        "it",
        new ProcessWire(
            new ProcessBuilder("sh", "-c", CLOCK + script).start(), folder.resolve("log")));
  }

  private static String say(Answer answer) {
    return "echo '" + Codec.line(answer) + "'; ";
  }

  @Test
  void whatIsSaidUnaskedIsNoAnswerAndOutlivesTheProcess() throws Exception {
    Answer.Files files = new Answer.Files("abc=");
    try (Remote it =
        start(
            "read order; "
                + say(new Answer.ToldToEnd())
                + say(new Answer.LastWords(files))
                + say(new Answer.Connected()))) {
      assertThat(it.told()).isFalse();
      assertThat(it.ask(new Order.Take(), Answer.Connected.class, LIMIT)).isNotNull();
      assertThat(it.told()).as("as it was said before the answer").isTrue();
      assertThat(it.lastWords(LIMIT)).hasValue(files);
      it.awaitEnd();
      assertThat(it.awaitTold()).isTrue();
      assertThatThrownBy(() -> it.ask(new Order.Take(), Answer.Files.class, LIMIT))
          .isInstanceOf(TestbedException.class);
    }
  }

  @Test
  void whoIsKilledSaysNothing() throws Exception {
    try (Remote it = start("kill -s KILL $$")) {
      assertThat(it.awaitTold()).isFalse();
      it.awaitEnd();
      assertThat(it.lastWords(LIMIT)).isEmpty();
    }
  }

  /** Answers the first order when a file is there, and the second at once. */
  private Remote late(Path file) throws IOException {
    return start(
        "read order; while ! [ -e "
            + file
            + " ]; do sleep 0.01; done; "
            + say(new Answer.Connected())
            + "read order; "
            + say(new Answer.Clock(3)));
  }

  /** What somebody stopped waiting for is not taken for the answer to the next order. */
  @Test
  void anAnswerThatComesTooLateIsNobodyElses() throws Exception {
    Path file = folder.resolve("late");
    try (Remote it = late(file)) {
      assertThatThrownBy(() -> it.ask(new Order.Take(), Answer.Files.class, Duration.ofMillis(1)))
          .hasMessageStartingWith("it did not answer in ");
      Files.createFile(file);
      assertThat(it.ask(new Order.Clock(), Answer.Clock.class, LIMIT).epochNs()).isEqualTo(3);
    }
  }

  @Test
  void anAnswerToWhoWasInterruptedIsNobodyElses() throws Exception {
    Path file = folder.resolve("late");
    try (Remote it = late(file)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> it.ask(new Order.Take(), Answer.Files.class, LIMIT))
          .hasMessage("interrupted while waiting for it");
      assertThat(Thread.interrupted()).isTrue();
      Files.createFile(file);
      assertThat(it.ask(new Order.Clock(), Answer.Clock.class, LIMIT).epochNs()).isEqualTo(3);
    }
  }
}
