package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.PageText.Kind;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** Forms of paragraphs and captions, with what holds of a run that says so. */
abstract class Forms {
  final Facts facts;
  final Judge judge;
  private final List<Form> forms = new ArrayList<>();

  /** A form of text, where it may stand, and how it is checked. */
  private record Form(
      String section, Kind kind, Phrase phrase, BiConsumer<PageText, Filled> check) {}

  Forms(Facts facts, Judge judge) {
    this.facts = facts;
    this.judge = judge;
  }

  final void form(String section, Kind kind, String words, BiConsumer<PageText, Filled> check) {
    forms.add(new Form(section, kind, Phrase.of(words), check));
  }

  /** One that holds if something is so. */
  final void onlyIf(String section, Kind kind, String words, Predicate<PageText> holds) {
    form(section, kind, words, (t, _) -> assertThat(holds.test(t)).as(t.text()).isTrue());
  }

  /** Checks a text, if its form is known. */
  final boolean check(PageText text) {
    for (Form f : forms) {
      if (f.section().equals(text.section()) && f.kind() == text.kind()) {
        Optional<Filled> filled = f.phrase().in(text.text());
        if (filled.isPresent()) {
          f.check().accept(text, filled.get());
          return true;
        }
      }
    }
    return false;
  }

  final boolean had(String... testbeds) {
    return facts.measured().stream().anyMatch(c -> List.of(testbeds).contains(c.is("testbed")));
  }

  final boolean kubernetes() {
    return had("kind", "cluster");
  }

  /** A table of one testbed: that there are such cells, and more than none of them in it. */
  final void ofTestbed(PageText text, String testbed, Predicate<Cell> which) {
    assertThat(facts.measured(which.and(c -> c.is("testbed").equals(testbed))))
        .as(text.text())
        .isNotEmpty();
    assertThat(text.holds()).as(text.text()).isPositive();
  }
}
