package dev.conntrail.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What this program was built of.
 *
 * @param version of the project
 * @param commit abbreviated, with {@code -dirty} if files differed from it; {@value #UNKNOWN} if it
 *     was built outside a checkout
 * @param date of the commit, UTC; {@value #UNKNOWN} likewise
 */
public record Build(String version, String commit, String date) {
  /** Where there was nothing to ask. */
  public static final String UNKNOWN = "unknown";

  /** That of this program. */
  public static Build here() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("/build.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Build(
        properties.getProperty("version"),
        properties.getProperty("commit"),
        properties.getProperty("commit.date"));
  }

  /** The folder of this program's jar or classes. */
  static Path folder() {
    try {
      return Path.of(Build.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As a person would say it. */
  public String text() {
    return version
        + " (commit "
        + (commit.equals(UNKNOWN) ? UNKNOWN : commit + " of " + date)
        + ")";
  }
}
