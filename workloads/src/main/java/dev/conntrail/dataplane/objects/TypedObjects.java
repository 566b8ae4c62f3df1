package dev.conntrail.dataplane.objects;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Trees as objects of Kubernetes' own types, as the API server decodes them: a value of another
 * type than the field's is refused, never converted; fields that are not known are passed over.
 */
final class TypedObjects {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .withCoercionConfig(
              LogicalType.Textual,
              c ->
                  c.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  private TypedObjects() {}

  /**
   * The object as a type.
   *
   * @throws ObjectsException at a field of another type, or a list that holds nothing or a list
   */
  static <T> T read(RawObject object, Class<T> type) {
    object.fields().forEach((name, value) -> checkLists(object.field(name), value));
    try {
      return MAPPER.convertValue(object.fields(), type);
    } catch (JacksonException e) {
      throw mismatch(object, e);
    }
  }

  /**
   * No list of these types holds a list, or nothing: the API server would take that for an entry
   * with no field set.
   */
  private static void checkLists(Field at, Object value) {
    switch (value) {
      case Map<?, ?> map -> map.forEach((k, v) -> checkLists(at.field(k.toString()), v));
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          Object entry = list.get(i);
          if (entry == null || entry instanceof List) {
            throw at.item(i).refuse(entry, "a map or a scalar, as the other entries");
          }
          checkLists(at.item(i), entry);
        }
      }
      case null, default -> {}
    }
  }

  private static ObjectsException mismatch(RawObject object, JacksonException e) {
    Field field = null;
    Object value = object.fields();
    for (JacksonException.Reference step : e.getPath()) {
      String name = step.getPropertyName();
      if (name == null) {
        field = field == null ? object.field("") : field.item(step.getIndex());
        value = value instanceof List<?> list ? list.get(step.getIndex()) : null;
      } else {
        field = field == null ? object.field(name) : field.field(name);
        value = value instanceof Map<?, ?> map ? map.get(name) : null;
      }
    }
    Class<?> target = e instanceof MismatchedInputException m ? m.getTargetType() : null;
    return (field == null ? object.field("object") : field).refuse(value, allowed(target));
  }

  private static String allowed(Class<?> target) {
    if (target == null) {
      return "what Kubernetes has there";
    }
    if (target == String.class) {
      return "text";
    }
    if (Collection.class.isAssignableFrom(target)) {
      return "a list";
    }
    if (target == Boolean.class) {
      return "true or false";
    }
    if (target == Integer.class) {
      return "a whole number of 32 bits";
    }
    return target == Long.class ? "a whole number of 64 bits" : "a map";
  }
}
