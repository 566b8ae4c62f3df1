package dev.conntrail.report.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.report.block.Figure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SentenceTest {
  @Test
  void placesAreFilledByName() {
    String text =
        Sentence.of(
                """
                {kept} of {open} went on,
                at {rate} to {span}; {kept} again, {words}.
                """)
            .with("words", "with {open} braces and $1")
            .with("kept", 1200)
            .with("open", 3000L)
            .with("rate", 0.125)
            .with("span", new Span(1, 2.5))
            .text();
    assertThat(text)
        .isEqualTo(
            "1,200 of 3,000 went on, at 0.125 to 1 to 2.50; 1,200 again, with {open} braces and $1.");
  }

  /** As they were before they were rounded. */
  @Test
  void figuresAreKeptByName() {
    Sentence sentence =
        Sentence.of("{n} of {all}{broken}: {each}, after {time}, {word}.")
            .with("n", 1200)
            .with("all", 1, "pod")
            .with("broken", Sentence.ifAny(2, ", {n} broke"))
            .withSome(
                "each",
                List.of(
                    Sentence.of("{x}").with("x", 1.23456),
                    Sentence.of("{x}").with("x", new Span(1, 2)),
                    Sentence.of("none")),
                2)
            .withTime("time", 1500)
            .with("word", "so");
    assertThat(sentence.text())
        .isEqualTo("1,200 of 1 pod, 2 broke: 1.23; 1 to 2; and 1 more, after 1.50 µs, so.");
    assertThat(sentence.figures())
        .isEqualTo(
            Map.of(
                "n",
                new Figure.Value(1200),
                "all",
                new Figure.Value(1),
                "broken",
                new Figure.Part(Map.of("n", new Figure.Value(2))),
                "each",
                new Figure.Parts(
                    List.of(
                        new Figure.Part(Map.of("x", new Figure.Value(1.23456))),
                        new Figure.Part(Map.of("x", new Figure.Range(1, 2))),
                        new Figure.Part(Map.of()))),
                "time",
                new Figure.Value(1500)));
    assertThat(Sentence.ifAny(0, "{n}")).isEmpty();
  }

  @Test
  void aPlaceLeftEmptyOrAWordWithoutAPlaceIsAFault() {
    assertThatThrownBy(() -> Sentence.of("{a} of {b}").with("a", 1).text())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("nothing for {b} in: {a} of {b}");
    assertThatThrownBy(() -> Sentence.of("{a}").with("a", 1).with("b", 2).text())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no place for [b] in: {a}");
  }
}
