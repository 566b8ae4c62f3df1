package dev.conntrail.spec;

import java.util.Optional;
import java.util.function.Function;

/** An axis of which every cell has a value. */
abstract non-sealed class CommonAxis<T> implements Axis<T> {
  private final String word;
  private final Part part;
  private final T usual;
  private final Function<String, T> parse;
  private final Function<T, String> text;

  private CommonAxis(
      String word, Part part, T usual, Function<String, T> parse, Function<T, String> text) {
    this.word = word;
    this.part = part;
    this.usual = usual;
    this.parse = parse;
    this.text = text;
  }

  /** One of constants with words. */
  static class OfWords<T extends Enum<T> & Named> extends CommonAxis<T> {
    OfWords(String word, Part part, T usual) {
      super(word, part, usual, text -> word(usual.getDeclaringClass(), text), Named::word);
    }

    private static <T extends Enum<T> & Named> T word(Class<T> type, String text) {
      return Named.find(type, text)
          .orElseThrow(() ->
              new IllegalArgumentException(
                  String.join(", ", Named.words(type)) + Nearest.of(text, Named.words(type))));
    }
  }

  /** One of whole numbers from 1. */
  static class OfCounts extends CommonAxis<Integer> {
    OfCounts(String word, Part part, int usual, int most) {
      super(word, part, usual, text -> Scalars.integer(text, 1, most), i -> Integer.toString(i));
    }
  }

  /** One of rates. */
  static class OfRates extends CommonAxis<LoadModel> {
    OfRates(String word, Part part, LoadModel usual) {
      super(
          word,
          part,
          usual,
          text ->
              LoadModel.find(text)
                  .orElseThrow(() -> new IllegalArgumentException(LoadModel.ALLOWED)),
          LoadModel::word);
    }
  }

  /** One of what is done against imbalance. */
  static class OfCures extends CommonAxis<Cure> {
    OfCures(String word, Part part) {
      super(word, part, Cure.NONE, Cure::parse, Cure::toString);
    }
  }

  @Override
  public final String word() {
    return word;
  }

  @Override
  public final Part part() {
    return part;
  }

  @Override
  public boolean setting() {
    return false;
  }

  @Override
  public final Optional<T> usual() {
    return Optional.of(usual);
  }

  @Override
  public final T parse(String given) {
    return parse.apply(given);
  }

  @Override
  public final String text(T value) {
    return text.apply(value);
  }

  @Override
  public final String toString() {
    return word;
  }
}
