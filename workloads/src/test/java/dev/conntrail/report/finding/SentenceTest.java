package dev.conntrail.report.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
