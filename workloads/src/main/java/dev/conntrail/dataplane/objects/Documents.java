package dev.conntrail.dataplane.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/**
 * The documents of a text, one behind the other, in YAML or JSON: maps, lists and scalars as the
 * parsers give them. As {@code kubectl} does, what looks like JSON and is none is tried as YAML.
 */
final class Documents {
  /** How deep maps and lists may lie in each other. An object of Kubernetes has some ten levels. */
  static final int DEEPEST = 100;

  private static final String ALLOWED = "Services and EndpointSlices in YAML or JSON";

  /** Aliases are counted by what comes of them, in {@link PlainTree}. */
  private static final int ALIASES = 100_000;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private Documents() {}

  /**
   * Reads all documents; an empty one is null.
   *
   * @throws ObjectsException if the text is neither
   */
  static List<Object> read(String file, String text) {
    if (!text.stripLeading().startsWith("{")) {
      return yaml(file, text);
    }
    try (MappingIterator<Object> values = JSON.readerFor(Object.class).readValues(text)) {
      return values.readAll();
    } catch (JacksonException notJson) {
      try {
        return yaml(file, text);
      } catch (ObjectsException _) {
        throw refuse(
            file,
            Math.max(1, notJson.getLocation() == null ? 1 : notJson.getLocation().getLineNr()),
            "no JSON (" + Found.oneLine(notJson.getOriginalMessage()) + ")",
            notJson);
      }
    }
  }

  private static List<Object> yaml(String file, String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new CoreSchema())
            .setAllowNonScalarKeys(false)
            .setMaxAliasesForCollections(ALIASES)
            .setCodePointLimit(Integer.MAX_VALUE)
            .build();
    try {
      Parser parser = new Shallow(new ParserImpl(settings, new StreamReader(settings, text)));
      Composer composer = new Composer(settings, parser);
      StandardConstructor constructor = new StandardConstructor(settings);
      List<Object> documents = new ArrayList<>();
      while (composer.hasNext()) {
        documents.add(constructor.constructSingleDocument(Optional.of(composer.next())));
      }
      return documents;
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      throw refuse(file, line, "no YAML (" + Found.oneLine(e.getProblem().strip()) + ")", e);
    } catch (RuntimeException e) {
      // what is wrong with a value the parser says in the words of Java's own exceptions
      boolean own = e instanceof YamlEngineException && e.getCause() == null;
      String why = own ? Found.oneLine(e.getMessage()) : "a value that does not fit its tag";
      throw new ObjectsException(file + ": found no YAML (" + why + "); allowed: " + ALLOWED, e);
    }
  }

  private static ObjectsException refuse(String file, int line, String found, Exception cause) {
    return new ObjectsException(
        file + ":" + line + ": found " + found + "; allowed: " + ALLOWED, cause);
  }

  /** A parser of what does not nest too deep, for those behind it go as deep themselves. */
  private static final class Shallow implements Parser {
    private final Parser parser;
    private int depth;

    Shallow(Parser parser) {
      this.parser = parser;
    }

    @Override
    public boolean checkEvent(Event.ID id) {
      return parser.checkEvent(id);
    }

    @Override
    public Event peekEvent() {
      return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
      return parser.hasNext();
    }

    @Override
    public Event next() {
      Event event = parser.next();
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        default -> {}
      }
      if (depth > DEEPEST) {
        throw new ParserException(
            "maps and lists nested deeper than " + DEEPEST, event.getStartMark());
      }
      return event;
    }
  }
}
