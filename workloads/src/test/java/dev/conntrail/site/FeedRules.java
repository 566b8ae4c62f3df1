package dev.conntrail.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.rometools.rome.feed.atom.Entry;
import com.rometools.rome.feed.atom.Feed;
import com.rometools.rome.io.FeedException;
import com.rometools.rome.io.WireFeedInput;
import com.thaiopensource.util.PropertyMapBuilder;
import com.thaiopensource.validate.ValidateProperty;
import com.thaiopensource.validate.ValidationDriver;
import com.thaiopensource.validate.rng.CompactSchemaReader;
import com.thaiopensource.xml.sax.ErrorHandlerImpl;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xml.sax.SAXException;

/** The rules of RFC 4287. */
final class FeedRules {
  private static final Path GRAMMAR = Path.of("src/test/resources/atom/rfc4287.rnc");

  private FeedRules() {}

  /** Holds a feed to them: the grammar, and what it says in words. */
  static void check(Path file) throws IOException {
    StringWriter errors = new StringWriter();
    PropertyMapBuilder properties = new PropertyMapBuilder();
    properties.put(ValidateProperty.ERROR_HANDLER, new ErrorHandlerImpl(errors));
    ValidationDriver driver =
        new ValidationDriver(properties.toPropertyMap(), CompactSchemaReader.getInstance());
    try {
      assertThat(driver.loadSchema(ValidationDriver.fileInputSource(GRAMMAR.toFile())))
          .as("%s", errors)
          .isTrue();
      assertThat(driver.validate(ValidationDriver.fileInputSource(file.toFile())))
          .as("%s", errors)
          .isTrue();
    } catch (SAXException e) {
      throw new AssertionError(e);
    }
    Feed feed = read(file);
    assertThat(feed.getAuthors()).as("of the feed, so of every entry").isNotEmpty();
    assertThat(URI.create(feed.getId()).isAbsolute()).isTrue();
    assertThat(feed.getEntries()).extracting(Entry::getId).doesNotHaveDuplicates();
    assertThat(feed.getEntries())
        .allSatisfy(e -> {
          assertThat(URI.create(e.getId()).isAbsolute()).isTrue();
          assertThat(e.getAlternateLinks()).hasSize(1);
          assertThat(e.getUpdated()).isBeforeOrEqualTo(feed.getUpdated());
          assertThat(e.getTitle()).isNotBlank();
        });
  }

  /** A feed as others read it. */
  static Feed read(Path file) throws IOException {
    try {
      return (Feed) new WireFeedInput().build(new StringReader(Files.readString(file)));
    } catch (FeedException e) {
      throw new AssertionError(e);
    }
  }
}
