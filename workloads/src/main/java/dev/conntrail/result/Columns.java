package dev.conntrail.result;

import dev.conntrail.result.row.Inline;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The columns of a record: one for each component, in {@code lower_snake_case}; those of a record
 * within it stand in its place, after its own name, or, where it is {@link Inline}, without.
 *
 * @param <R> the record
 */
final class Columns<R extends Record> {
  private static final Map<Class<?>, Columns<?>> KNOWN = new ConcurrentHashMap<>();

  /** How the names of counts end. */
  private static final String COUNT = "_count";

  /** No run counts as far as this: what says so is damaged. */
  private static final long MOST = 1_000_000_000L;

  private final Node root;
  private final Class<R> type;
  private final List<Leaf> leaves = new ArrayList<>();

  /** A record, or one of its values. */
  private sealed interface Node permits Group, Leaf {}

  /** A record within a record; the outermost has no component. */
  private record Group(RecordComponent component, Constructor<?> constructor, List<Node> parts)
      implements Node {}

  /** A column. */
  private record Leaf(RecordComponent component, String name, Type type) implements Node {}

  /** Gives the text of a column in a row. */
  interface Source {
    String text(String column) throws BadValue;
  }

  /** A value that is not what its column says. */
  static final class BadValue extends Exception {
    private static final long serialVersionUID = 1L;

    BadValue(String message) {
      super(message);
    }
  }

  private Columns(Class<R> type) {
    this.type = type;
    this.root = group(type, null, "");
  }

  /** The columns of a record. */
  @SuppressWarnings("unchecked") // put under its own type
  static <R extends Record> Columns<R> of(Class<R> type) {
    return (Columns<R>) KNOWN.computeIfAbsent(type, _ -> new Columns<>(type));
  }

  private Group group(Class<?> record, RecordComponent component, String prefix) {
    List<Node> parts = new ArrayList<>();
    for (RecordComponent c : record.getRecordComponents()) {
      boolean nested = c.getType().isRecord() && !Values.written(c.getType());
      String own = prefix + snake(c.getName());
      if (nested) {
        parts.add(group(c.getType(), c, c.isAnnotationPresent(Inline.class) ? prefix : own + "_"));
      } else {
        Leaf leaf = new Leaf(c, own, c.getGenericType());
        leaves.add(leaf);
        parts.add(leaf);
      }
    }
    try {
      Constructor<?> constructor =
          record.getDeclaredConstructor(
              Arrays.stream(record.getRecordComponents())
                  .map(RecordComponent::getType)
                  .toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return new Group(component, constructor, parts);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every record has its constructor", e);
    }
  }

  /** Their names. */
  List<String> names() {
    return leaves.stream().map(Leaf::name).toList();
  }

  /** The types of their values, in the same order. */
  List<Type> types() {
    return leaves.stream().map(Leaf::type).toList();
  }

  /** A row as text. */
  List<String> texts(R row) {
    List<String> texts = new ArrayList<>();
    write((Group) root, row, texts);
    return texts;
  }

  private static void write(Group group, Object record, List<String> texts) {
    for (Node part : group.parts()) {
      switch (part) {
        case Group g -> write(g, value(g.component(), record), texts);
        case Leaf l -> texts.add(Values.write(value(l.component(), record)));
      }
    }
  }

  private static Object value(RecordComponent component, Object record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record's component can be read", e);
    }
  }

  /**
   * A row from text.
   *
   * @throws BadValue naming the column
   */
  R row(Source source) throws BadValue {
    return type.cast(read((Group) root, source));
  }

  private static Object read(Group group, Source source) throws BadValue {
    Object[] values = new Object[group.parts().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (group.parts().get(i)) {
            case Group g -> read(g, source);
            case Leaf l -> read(l, source);
          };
    }
    try {
      return group.constructor().newInstance(values);
    } catch (InvocationTargetException e) {
      throw new BadValue(String.valueOf(e.getCause().getMessage()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record can be made", e);
    }
  }

  private static Object read(Leaf leaf, Source source) throws BadValue {
    String text = source.text(leaf.name());
    try {
      Object value = Values.read(leaf.type(), text);
      if (leaf.name().endsWith(COUNT)
          && present(value) instanceof Number n
          && !(n instanceof Double)
          && (n.longValue() < 0 || n.longValue() > MOST)) {
        throw new BadValue(leaf.name() + ": found '" + text + "'; allowed: 0 to " + MOST);
      }
      return value;
    } catch (IllegalArgumentException e) {
      throw new BadValue(leaf.name() + ": " + e.getMessage());
    }
  }

  private static Object present(Object value) {
    return value instanceof Optional<?> o ? o.orElse(null) : value;
  }

  private static String snake(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
