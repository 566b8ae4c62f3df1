package dev.conntrail.dataplane.objects;

import java.util.List;
import java.util.Map;

/**
 * An object as a file has it: a tree of maps, lists and scalars.
 *
 * @param file where it was read
 * @param place in the file, such as {@code object 1, items[3]}
 * @param fields the tree; keys are text
 */
record RawObject(String file, String place, Map<String, Object> fields) {
  /** A field by its name, as the tree has it; null if there is none. */
  Object get(String name) {
    return fields.get(name);
  }

  /** The field itself, for what is said of it. */
  Field field(String name) {
    return new Field(this, name);
  }

  /** What it is to kube-proxy. */
  enum Kind {
    SERVICE,
    ENDPOINT_SLICE,
    OTHER
  }

  /**
   * Which of them it is.
   *
   * @throws ObjectsException if it is a Service or an EndpointSlice of another version
   */
  Kind kind() {
    String apiVersion = text("apiVersion");
    return switch (text("kind")) {
      case "Service" -> {
        if (apiVersion.indexOf('/') < 0) {
          field("apiVersion").oneOf(apiVersion, List.of("v1"));
        }
        yield apiVersion.equals("v1") ? Kind.SERVICE : Kind.OTHER;
      }
      case "EndpointSlice" -> {
        if (apiVersion.indexOf('/') < 0 || apiVersion.startsWith("discovery.k8s.io/")) {
          field("apiVersion").oneOf(apiVersion, List.of("discovery.k8s.io/v1"));
        }
        yield apiVersion.equals("discovery.k8s.io/v1") ? Kind.ENDPOINT_SLICE : Kind.OTHER;
      }
      default -> Kind.OTHER;
    };
  }

  private String text(String field) {
    return get(field) instanceof String text ? text : "";
  }

  /** Kind, namespace and name; empty if it has no name. */
  String name() {
    if (get("metadata") instanceof Map<?, ?> metadata
        && metadata.get("name") instanceof String name
        && !name.isEmpty()) {
      String namespace = metadata.get("namespace") instanceof String n ? n : "";
      String kind = text("kind").isEmpty() ? "object" : text("kind");
      return kind + " " + Defaults.namespace(namespace) + "/" + name;
    }
    return "";
  }

  /** File and object, as messages begin: its name, or its place if it has none. */
  String where() {
    String kind = text("kind").isEmpty() ? "" : " (" + Found.oneLine(text("kind")) + ")";
    return file + ": " + (name().isEmpty() ? place + kind : Found.name(name()));
  }
}
