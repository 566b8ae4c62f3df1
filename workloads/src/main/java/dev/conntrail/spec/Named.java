package dev.conntrail.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A constant with the one word that YAML, CLI, CSV and report use for it. */
public interface Named {
  /** The word, in kebab case. */
  String word();

  /** The words of all constants of a type, in order of declaration. */
  static <T extends Enum<T> & Named> List<String> words(Class<T> type) {
    return Arrays.stream(type.getEnumConstants()).map(Named::word).toList();
  }

  /** The constant with this word, if there is one. */
  static <T extends Enum<T> & Named> Optional<T> find(Class<T> type, String word) {
    return Arrays.stream(type.getEnumConstants()).filter(c -> c.word().equals(word)).findFirst();
  }
}
