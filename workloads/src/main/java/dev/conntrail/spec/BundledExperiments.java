package dev.conntrail.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The experiments that come with the jar. */
public final class BundledExperiments {
  /** Their names, the default first. */
  public static final List<String> NAMES =
      List.of(
          "default",
          "quick",
          "full",
          "few-connections",
          "shared-client",
          "compare",
          "latency",
          "many-pods",
          "modes",
          "schedulers",
          "events",
          "events-on-kind",
          "default-on-kind",
          "many-nodes",
          "ageing",
          "every-cure",
          "held-connections",
          "loopback");

  private BundledExperiments() {}

  /** A bundled experiment by its name, else a file. */
  public static Experiment nameOrFile(String nameOrFile) {
    return nameOrFile(nameOrFile, Optional.empty());
  }

  /**
   * A bundled experiment by its name, else a file.
   *
   * @param testbed taken instead of the one that the experiment names
   */
  public static Experiment nameOrFile(String nameOrFile, Optional<TestbedKind> testbed) {
    return yaml(nameOrFile).read(testbed);
  }

  /** The YAML of a bundled experiment by its name, else of a file. */
  public static ExperimentYaml yaml(String nameOrFile) {
    if (NAMES.contains(nameOrFile) && !Files.exists(Path.of(nameOrFile))) {
      return bundled(nameOrFile);
    }
    if (!nameOrFile.contains("/")
        && !nameOrFile.contains(".")
        && !Files.exists(Path.of(nameOrFile))) {
      throw new SpecException(
          nameOrFile
              + ": neither a file nor a bundled experiment; bundled: "
              + String.join(", ", NAMES));
    }
    return ExperimentReader.yaml(Path.of(nameOrFile));
  }

  /** A bundled experiment. */
  public static Experiment byName(String name) {
    return bundled(name).read(Optional.empty());
  }

  private static ExperimentYaml bundled(String name) {
    String file = "experiments/" + name + ".yaml";
    try (InputStream in = BundledExperiments.class.getResourceAsStream("/" + file)) {
      if (in == null) {
        throw new SpecException(
            name + ": no such bundled experiment; bundled: " + String.join(", ", NAMES));
      }
      return new ExperimentYaml(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
