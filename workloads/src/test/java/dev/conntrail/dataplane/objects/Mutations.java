package dev.conntrail.dataplane.objects;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import tools.jackson.databind.json.JsonMapper;

/** Alters a List of objects: its structure, which is then written as YAML or JSON, or its text. */
final class Mutations {
  private static final int MOST_OBJECTS = 3;

  /** What stands in place of a value: of every type, at and beyond every limit. */
  private static final List<Object> VALUES =
      List.of(
          0,
          -1,
          1,
          65_535,
          65_536,
          1 << 20,
          1L << 40,
          80.5,
          1e300,
          Double.NaN,
          true,
          false,
          "",
          " ",
          "80",
          "None",
          "null",
          "Local",
          "tcp",
          "TCP\n-A X",
          "IPv5",
          "10.96.0.1",
          "10.96.0.300",
          "10.96.0.1/33",
          "10.96.0",
          "::1",
          "fe80::1%eth0",
          "::ffff:10.0.0.1",
          "fd00::1::2",
          "default",
          "a/b",
          "-a",
          "A",
          "\u0000",
          "\u202e",
          "x".repeat(300),
          List.of(),
          List.of("a"),
          Map.of(),
          Map.of("a", 1),
          List.of("a", "b"));

  private static final List<String> SNIPPETS =
      List.of(
          "*a ",
          "&a ",
          "<<: *a\n",
          "!!binary x",
          "!!set {a}",
          "!!int a",
          "!x ",
          "\t",
          "\0",
          "\n",
          "---\n",
          "...\n",
          "- ",
          "? ",
          ": ",
          "{",
          "}",
          "[",
          "]",
          "\"",
          "'",
          "|\n",
          "#",
          "%YAML 9",
          "\\U0011ffff",
          "\uFEFF",
          "null",
          "~",
          "[".repeat(2000),
          "99999999999999999999",
          "1e999");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Random random;
  private final List<List<Object>> files;

  /**
   * Alters objects of these files.
   *
   * @param files the objects of each, as trees
   */
  Mutations(Random random, List<List<Object>> files) {
    this.random = random;
    this.files = files;
  }

  /** Some of the objects, altered in one to three places. */
  byte[] structure() {
    Map<String, Object> root = sample();
    for (int n = random.nextInt(3); n >= 0; n--) {
      alter(root);
    }
    String text =
        random.nextBoolean()
            ? JSON.writeValueAsString(root)
            : new Dump(DumpSettings.builder().build()).dumpToString(root);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Some of the objects as YAML, with bytes altered. */
  byte[] text() {
    byte[] bytes =
        new Dump(DumpSettings.builder().build())
            .dumpToString(sample())
            .getBytes(StandardCharsets.UTF_8);
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(5)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes = Arrays.copyOf(bytes, at);
      case 2 -> bytes = spliced(bytes, at, Math.min(bytes.length, at + 40), "");
      case 3 -> bytes[at] = (byte) random.nextInt(256);
      default -> bytes = spliced(bytes, at, at, one(SNIPPETS));
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, String between) {
    byte[] middle = between.getBytes(StandardCharsets.UTF_8);
    byte[] spliced = new byte[bytes.length - (to - from) + middle.length];
    System.arraycopy(bytes, 0, spliced, 0, from);
    System.arraycopy(middle, 0, spliced, from, middle.length);
    System.arraycopy(bytes, to, spliced, from + middle.length, bytes.length - to);
    return spliced;
  }

  /** A List of some objects of one file. */
  private Map<String, Object> sample() {
    List<Object> items = new ArrayList<>(one(files));
    Collections.shuffle(items, random);
    return new LinkedHashMap<>(
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "List",
            "items",
            copy(items.subList(0, Math.min(MOST_OBJECTS, items.size())))));
  }

  private static Object copy(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<Object, Object> copy = new LinkedHashMap<>();
        map.forEach((k, v) -> copy.put(k, copy(v)));
        yield copy;
      }
      case List<?> list -> new ArrayList<>(list.stream().map(Mutations::copy).toList());
      case null, default -> value;
    };
  }

  /** Alters one map or list of the tree, each as likely as the others. */
  @SuppressWarnings("unchecked")
  private void alter(Object tree) {
    List<Object> places = new ArrayList<>();
    gather(tree, places);
    switch (one(places)) {
      case Map<?, ?> map -> alterMap((Map<Object, Object>) map);
      case List<?> list -> alterList((List<Object>) list);
      case Object other -> throw new IllegalStateException(other.toString());
    }
  }

  private static void gather(Object value, List<Object> places) {
    switch (value) {
      case Map<?, ?> map -> {
        places.add(map);
        map.values().forEach(v -> gather(v, places));
      }
      case List<?> list -> {
        places.add(list);
        list.forEach(v -> gather(v, places));
      }
      case null, default -> {}
    }
  }

  private void alterMap(Map<Object, Object> map) {
    if (map.isEmpty()) {
      map.put("a", copy(one(VALUES)));
      return;
    }
    Object key = one(List.copyOf(map.keySet()));
    Object other = one(List.copyOf(map.keySet()));
    switch (random.nextInt(8)) {
      case 0 -> map.remove(key);
      case 1 -> map.put(key, null);
      case 2 -> map.put(key, new ArrayList<>(Collections.singletonList(map.get(key))));
      case 3 -> map.put(key, new LinkedHashMap<>(Collections.singletonMap("a", map.get(key))));
      case 4 -> map.put(key, map.get(other));
      case 5 -> map.put(String.valueOf(one(VALUES)), map.remove(key));
      default -> map.put(key, copy(one(VALUES)));
    }
  }

  private void alterList(List<Object> list) {
    int at = random.nextInt(list.size() + 1);
    switch (random.nextInt(4)) {
      case 0 -> list.add(at, null);
      case 1 -> list.add(at, copy(one(VALUES)));
      case 2 -> list.add(at, list.isEmpty() ? copy(one(VALUES)) : one(list));
      default -> list.clear();
    }
  }

  private <T> T one(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
