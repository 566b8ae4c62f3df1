package dev.conntrail.result;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a record that was read from JSON has all of its values, and texts that can be written:
 * JSON can spell half of a character, which UTF-8 has no bytes for.
 */
final class Whole {
  private Whole() {}

  /**
   * The record, if it is whole.
   *
   * @throws IOException naming the value that is missing, or half a text
   */
  static <T extends Record> T checked(Path file, T value) throws IOException {
    check(file, "", value);
    return value;
  }

  private static void check(Path file, String name, Object value) throws IOException {
    switch (value) {
      case null -> throw new IOException(file + ": " + name + ": found nothing; allowed: a value");
      case String s when !StandardCharsets.UTF_8.newEncoder().canEncode(s) ->
          throw new IOException(
              file + ": " + name + ": found half of a surrogate pair; allowed: a text");
      case Record r -> {
        for (RecordComponent c : r.getClass().getRecordComponents()) {
          check(file, name.isEmpty() ? c.getName() : name + "." + c.getName(), value(c, r));
        }
      }
      case Optional<?> o when o.isPresent() -> check(file, name, o.get());
      case List<?> l -> {
        for (int i = 0; i < l.size(); i++) {
          check(file, name + "[" + i + "]", l.get(i));
        }
      }
      case Map<?, ?> m -> {
        for (Map.Entry<?, ?> e : m.entrySet()) {
          check(file, name + ": a name", e.getKey());
          check(file, name + "." + e.getKey(), e.getValue());
        }
      }
      default -> {
        // a value without parts
      }
    }
  }

  private static Object value(RecordComponent component, Record record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record's component can be read", e);
    }
  }
}
