package dev.conntrail.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.render.Glossary.Part;
import dev.conntrail.report.render.Glossary.Term;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlossaryTest {
  private final Glossary glossary = Glossary.read();

  GlossaryTest() throws IOException {}

  private String marked(String text) {
    return glossary.marked(text).stream()
        .map(p -> p.term().isPresent() ? "[" + p.text() + "]" : p.text())
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Idle pods of ipvs-rr; [Idle pods] of [ipvs-rr]",
        "ipvs and ipvs-rr and ipvs-tcp-timeout; [ipvs] and [ipvs-rr] and ipvs-tcp-timeout",
        "not chance, chance; [not chance], [chance]",
        "p99, p99.9 and P99; [p99], [p99.9] and P99",
        "response p50; response [p50]",
        "a podium of spods; a podium of spods",
        "nothing to explain; nothing to explain"
      })
  void aWordIsMarkedWhereItFirstStandsAndIsWhole(String text, String expected) {
    assertThat(marked(text)).isEqualTo(expected);
  }

  @Test
  void nothingOfATextIsLost() {
    String text = "<b>Pods</b> & the control: band (kind)";
    assertThat(glossary.marked(text).stream().map(Part::text).collect(Collectors.joining()))
        .isEqualTo(text);
  }

  @Test
  void everyWordIsExplainedOnceInASentence() {
    List<String> words = glossary.terms().stream().flatMap(t -> t.words().stream()).toList();
    assertThat(words).doesNotHaveDuplicates().doesNotContain("");
    assertThat(glossary.terms()).extracting(Term::id).doesNotHaveDuplicates();
    assertThat(glossary.terms()).extracting(Term::meaning).allMatch(m -> m.endsWith("."));
  }
}
