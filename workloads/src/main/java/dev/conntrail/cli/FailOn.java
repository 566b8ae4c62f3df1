package dev.conntrail.cli;

import dev.conntrail.spec.Named;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What {@code --fail-on} names, of the words that a command allows. */
final class FailOn {
  private FailOn() {}

  /**
   * What was named.
   *
   * @param allowed in the order in which they are said
   * @throws ParameterException if a word is none of those allowed
   */
  static <N extends Enum<N> & Named> Set<N> of(
      CommandSpec spec, List<String> words, Set<N> allowed) {
    Set<N> found = new LinkedHashSet<>();
    words.forEach(word -> found.add(named(spec, word, allowed)));
    return found;
  }

  private static <N extends Enum<N> & Named> N named(
      CommandSpec spec, String word, Set<N> allowed) {
    return allowed.stream()
        .filter(a -> a.word().equals(word))
        .findFirst()
        .orElseThrow(() ->
            Refusals.of(
                spec,
                "--fail-on",
                word,
                allowed.stream().map(Named::word).collect(Collectors.joining(", "))));
  }
}
