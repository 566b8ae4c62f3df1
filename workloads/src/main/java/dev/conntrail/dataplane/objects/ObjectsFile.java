package dev.conntrail.dataplane.objects;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The objects of a file: one, several documents, or Lists of them. */
final class ObjectsFile {
  private static final String OBJECT = "an object with apiVersion and kind, or a List of such";
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String file;
  private final List<RawObject> objects = new ArrayList<>();

  private ObjectsFile(String file) {
    this.file = file;
  }

  /**
   * Reads the objects, in their order; those of Lists are taken out.
   *
   * @throws ObjectsException if there is something that is no object
   */
  static List<RawObject> read(String file, byte[] bytes) {
    String text = text(file, bytes);
    List<Object> documents = Documents.read(file, text);
    ObjectsFile read = new ObjectsFile(file);
    for (int i = 0; i < documents.size(); i++) {
      String place = "object " + (i + 1);
      Object document = PlainTree.of(file + ": " + place, documents.get(i), text.length());
      if (document != null) {
        read.add(place, document, Map.of());
      }
    }
    return read.objects;
  }

  private static String text(String file, byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw ObjectsException.of(file, "bytes that are no UTF-8 text", "YAML or JSON in UTF-8");
    }
  }

  /**
   * Adds an object, or those of a List.
   *
   * @param defaults fields that an object in a List of one kind need not have
   */
  private void add(String place, Object value, Map<String, String> defaults) {
    if (!(value instanceof Map<?, ?> map)) {
      throw ObjectsException.of(file + ": " + place, Found.text(value), OBJECT);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    map.forEach((k, v) -> fields.put((String) k, v));
    defaults.forEach(fields::putIfAbsent);
    RawObject object = new RawObject(file, place, fields);
    String kind = word(object, "kind");
    String apiVersion = word(object, "apiVersion");
    switch (kind) {
      case "List" -> addItems(object, Map.of());
      case "ServiceList", "EndpointSliceList" ->
          addItems(
              object,
              Map.of("kind", kind.substring(0, kind.length() - 4), "apiVersion", apiVersion));
      default -> objects.add(object);
    }
  }

  private static String word(RawObject object, String field) {
    if (object.get(field) instanceof String word && !word.isEmpty()) {
      return word;
    }
    throw object.field(field).refuse(object.get(field), "that of a Kubernetes object");
  }

  private void addItems(RawObject list, Map<String, String> defaults) {
    if (!list.fields().containsKey("items")) {
      throw list.field("items").refuse(null, "a list of objects");
    }
    switch (list.get("items")) {
      case null -> {}
      case List<?> items -> {
        for (int i = 0; i < items.size(); i++) {
          add(list.place() + ", items[" + i + "]", items.get(i), defaults);
        }
      }
      case Object other -> throw list.field("items").refuse(other, "a list of objects");
    }
  }
}
