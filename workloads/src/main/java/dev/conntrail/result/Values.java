package dev.conntrail.result;

import dev.conntrail.spec.Named;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Values as CSV has them. */
final class Values {
  private static final String MISSING = "NA";
  private static final String NONE = "none";
  private static final String SEPARATOR = ";";
  private static final double WHOLE = 1e15;

  private Values() {}

  /** Whether a type writes and reads itself: it has a {@code parse(String)}. */
  static boolean written(Class<?> type) {
    return parser(type).isPresent();
  }

  private static Optional<Method> parser(Class<?> type) {
    return PARSERS.get(type);
  }

  /** Looked up once a type: every value of a table asks. */
  private static final ClassValue<Optional<Method>> PARSERS =
      new ClassValue<>() {
        @Override
        protected Optional<Method> computeValue(Class<?> type) {
          return Arrays.stream(type.getMethods())
              .filter(m ->
                  m.getName().equals("parse")
                      && Modifier.isStatic(m.getModifiers())
                      && Arrays.equals(m.getParameterTypes(), new Class<?>[] {String.class}))
              .findFirst();
        }
      };

  /** A value as text. */
  static String write(Object value) {
    return switch (value) {
      case Optional<?> o -> o.map(Values::write).orElse(MISSING);
      case List<?> l when l.isEmpty() -> NONE;
      case List<?> l -> l.stream().map(Values::write).collect(Collectors.joining(SEPARATOR));
      case Double d when !Double.isFinite(d) -> MISSING;
      case Double d -> number(d);
      case Named n -> n.word();
      default -> value.toString();
    };
  }

  /** Six significant digits, without an exponent where that stays short. */
  private static String number(double d) {
    if (d == Math.rint(d) && Math.abs(d) < WHOLE) {
      return Long.toString((long) d);
    }
    String text = String.format(Locale.ROOT, "%.6g", d);
    if (text.indexOf('e') >= 0) {
      return text;
    }
    return text.indexOf('.') >= 0 ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  /**
   * A value from text.
   *
   * @throws IllegalArgumentException saying what was found and what is allowed
   */
  static Object read(Type type, String text) {
    return switch (type) {
      case ParameterizedType p when p.getRawType() == Optional.class ->
          text.equals(MISSING)
              ? Optional.empty()
              : Optional.of(read(p.getActualTypeArguments()[0], text));
      case ParameterizedType p when p.getRawType() == List.class -> list(p, text);
      case Class<?> c when c == double.class && text.equals(MISSING) -> Double.NaN;
      case Class<?> c when c.isEnum() -> constant(c, text);
      case Class<?> c when written(c) -> parsed(c, text);
      case Class<?> c -> plain(c, text);
      default -> throw new IllegalStateException("no column can hold a " + type);
    };
  }

  private static List<Object> list(ParameterizedType type, String text) {
    return text.equals(NONE)
        ? List.of()
        : Arrays.stream(text.split(SEPARATOR, -1))
            .map(part -> read(type.getActualTypeArguments()[0], part))
            .toList();
  }

  private static Object constant(Class<?> type, String text) {
    for (Object constant : type.getEnumConstants()) {
      if (constant instanceof Named named && named.word().equals(text)) {
        return constant;
      }
    }
    throw refused(
        text,
        Arrays.stream(type.getEnumConstants())
            .map(c -> ((Named) c).word())
            .collect(Collectors.joining(", ")));
  }

  private static Object parsed(Class<?> type, String text) {
    try {
      return parser(type).orElseThrow().invoke(null, text);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause().getMessage(), e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("parse is public", e);
    }
  }

  private static Object plain(Class<?> type, String text) {
    try {
      return switch (type.getSimpleName()) {
        case "String" -> text;
        case "double" -> Double.parseDouble(text);
        case "long", "Long" -> Long.parseLong(text);
        case "int", "Integer" -> Integer.parseInt(text);
        case "boolean" -> bool(text);
        case "Instant" -> Instant.parse(text);
        default -> throw new IllegalStateException("no column can hold a " + type);
      };
    } catch (NumberFormatException | DateTimeException _) {
      throw refused(text, allowed(type));
    }
  }

  private static boolean bool(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw refused(text, "true, false");
    }
    return text.equals("true");
  }

  private static String allowed(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "double" -> "a number, or NA";
      case "Instant" -> "a time such as 2026-01-01T00:00:00Z";
      default -> "a whole number";
    };
  }

  private static IllegalArgumentException refused(String found, String allowed) {
    return new IllegalArgumentException("found '" + found + "'; allowed: " + allowed);
  }
}
