package dev.conntrail.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What this program was built of.
 *
 * @param version of the project
 * @param commit abbreviated, with {@code -dirty} if files differed from it; {@value #UNKNOWN} if it
 *     was built outside a checkout
 * @param date of the commit, UTC; {@value #UNKNOWN} likewise
 * @param libraries of the clients, with their versions
 */
public record Build(String version, String commit, String date, Map<String, String> libraries) {
  /** Where there was nothing to ask. */
  public static final String UNKNOWN = "unknown";

  private static final String CLIENT = "client.";

  /** That of this program. */
  public static Build here() {
    Properties build = read("/build.properties");
    Properties all = read("/conntrail.properties");
    Map<String, String> libraries = new TreeMap<>();
    all.stringPropertyNames().stream()
        .filter(name -> name.startsWith(CLIENT))
        .forEach(name -> libraries.put(name.substring(CLIENT.length()), all.getProperty(name)));
    return new Build(
        build.getProperty("version"),
        build.getProperty("commit"),
        build.getProperty("commit.date"),
        libraries);
  }

  private static Properties read(String resource) {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream(resource)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
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
