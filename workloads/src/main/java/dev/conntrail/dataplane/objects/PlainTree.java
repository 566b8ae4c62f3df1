package dev.conntrail.dataplane.objects;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A document as JSON could have it ({@code sigs.k8s.io/yaml}): keys are text, and what an alias
 * stands for is written out. An alias must not stand for what it is part of, nor make much of
 * little.
 */
final class PlainTree {
  /** How many values there may be for each character of the file. */
  private static final int VALUES_PER_CHARACTER = 10;

  private final String where;
  private long left;

  private PlainTree(String where, long most) {
    this.where = where;
    this.left = most;
  }

  /**
   * The document, made plain.
   *
   * @param where file and place, for messages
   * @param characters of the whole file
   * @throws ObjectsException if it cannot be
   */
  static Object of(String where, Object document, int characters) {
    return new PlainTree(where, VALUES_PER_CHARACTER * (long) (characters + 1))
        .plain(document, "", 0);
  }

  private Object plain(Object value, String path, int depth) {
    if (depth > Documents.DEEPEST || left-- == 0) {
      throw refuse(
          path,
          "an alias that has no end",
          "aliases that make a file no more than ten times as long");
    }
    return switch (value) {
      case Map<?, ?> map -> plainMap(map, path, depth);
      case List<?> list -> plainList(list, path, depth);
      case null -> null;
      case String _, Number _, Boolean _ -> value;
      default -> throw refuse(path, "a tag such as !!binary or !!set", "no tags");
    };
  }

  private Map<String, Object> plainMap(Map<?, ?> map, String path, int depth) {
    Map<String, Object> plain = new LinkedHashMap<>();
    map.forEach((k, v) -> {
      if (!(k instanceof String) && !(k instanceof Number) && !(k instanceof Boolean)) {
        throw refuse(path, "a key that is " + Found.text(k), "keys that are words");
      }
      String key = k.toString();
      if (plain.containsKey(key)) {
        throw refuse(path, "the key " + Found.text(key) + " a second time", "each key once");
      }
      plain.put(key, plain(v, path.isEmpty() ? key : path + "." + key, depth + 1));
    });
    return plain;
  }

  private List<Object> plainList(List<?> list, String path, int depth) {
    List<Object> plain = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      plain.add(plain(list.get(i), path + "[" + i + "]", depth + 1));
    }
    return plain;
  }

  private ObjectsException refuse(String path, String found, String allowed) {
    return ObjectsException.of(
        path.isEmpty() ? where : where + ": " + Found.name(path), found, allowed);
  }
}
