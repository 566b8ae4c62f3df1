package dev.conntrail.result;

import dev.conntrail.spec.CellId;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** JSON files; a file is a record. Constants stand under their words, cells under their ids. */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .addModule(
              new SimpleModule()
                  .addSerializer(Named.class, new Word<>(Named::word))
                  .addDeserializer(LoadModel.class, new Read<>(LoadModel::parse))
                  .addSerializer(CellId.class, new Word<>(CellId::word))
                  .addDeserializer(CellId.class, new Read<>(CellId::parse))
                  .addSerializer(Cure.class, new Word<>(Cure::toString))
                  .addDeserializer(Cure.class, new Read<>(Cure::parse))
                  .setDeserializerModifier(new Words()))
          .build();

  private static final JsonMapper LOOSE =
      MAPPER.rebuild().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private static final JsonMapper WHOLE =
      MAPPER
          .rebuild()
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private static final JsonMapper ANSWERS =
      MAPPER.rebuild().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private Json() {}

  /** Writes a value as a word. */
  private static final class Word<T> extends ValueSerializer<T> {
    private final java.util.function.Function<T, String> word;

    Word(java.util.function.Function<T, String> word) {
      this.word = word;
    }

    @Override
    public void serialize(T value, JsonGenerator out, SerializationContext context) {
      out.writeString(word.apply(value));
    }
  }

  /** Reads a value from a word. */
  private static final class Read<T> extends ValueDeserializer<T> {
    private final java.util.function.Function<String, T> read;

    Read(java.util.function.Function<String, T> read) {
      this.read = read;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) {
      String text = in.getString();
      try {
        return read.apply(text);
      } catch (IllegalArgumentException e) {
        return context.reportInputMismatch(this, "%s", e.getMessage());
      }
    }
  }

  /** Constants are read from their words. */
  private static final class Words extends ValueDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public ValueDeserializer<?> modifyEnumDeserializer(
        DeserializationConfig config,
        JavaType type,
        BeanDescription.Supplier description,
        ValueDeserializer<?> deserializer) {
      return Named.class.isAssignableFrom(type.getRawClass())
          ? new Read<>(text -> Values.read(type.getRawClass(), text))
          : deserializer;
    }
  }

  /** Writes a record. */
  public static void write(Path file, Object value) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text(value) + "\n");
  }

  /** A value as JSON text. */
  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** A value as commands print it: its fields are named as columns of tables are. */
  public static String answer(Object value) {
    return ANSWERS.writeValueAsString(value);
  }

  /** A value as one line of JSON. */
  public static String line(Object value) {
    return MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
  }

  /**
   * A record from JSON text.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static <T> T parse(String text, Class<T> type) {
    return parse(MAPPER, text, type);
  }

  /**
   * The same where nothing may lack, and nothing be unknown.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static <T> T parseWhole(String text, Class<T> type) {
    T value = parse(WHOLE, text, type);
    if (value == null) {
      throw new IllegalArgumentException("not a " + type.getSimpleName() + ": null");
    }
    return value;
  }

  private static <T> T parse(JsonMapper mapper, String text, Class<T> type) {
    try {
      return mapper.readValue(text, type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Reads a record.
   *
   * @throws IOException if it is not there or is not that, with file, line and reason
   */
  public static <T> T read(Path file, Class<T> type) throws IOException {
    return read(MAPPER, file, type);
  }

  /**
   * The same of a file that may say more than the record holds.
   *
   * @throws IOException if it is not there or is not that, with file, line and reason
   */
  static <T> T readLoosely(Path file, Class<T> type) throws IOException {
    return read(LOOSE, file, type);
  }

  private static String oneLine(JacksonException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("not JSON");
  }

  private static <T> T read(JsonMapper mapper, Path file, Class<T> type) throws IOException {
    try {
      T value = mapper.readValue(TextFiles.read(file), type);
      if (value == null) {
        throw new IOException(file + ":1: found null; allowed: a " + type.getSimpleName());
      }
      return value;
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      throw new IOException(
          file + ":" + line + ": no " + type.getSimpleName() + ": " + oneLine(e), e);
    }
  }
}
