package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.testbed.Programs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What README.md shows is so. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern SHOWN =
      Pattern.compile("\\$ scripts/conntrail\\.sh (chance .*)\\n((?:.*\\n)*?)```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("examples"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void theFirstCommandPrintsWhatIsShown() throws IOException {
    Matcher shown = SHOWN.matcher(readme());
    assertThat(shown.find()).isTrue();
    StringWriter out = new StringWriter();
    CommandLine line = Conntrail.commandLine().setOut(new PrintWriter(out, true));
    assertThat(line.execute(shown.group(1).split(" ", -1))).isZero();
    assertThat(out.toString()).isEqualTo(shown.group(2));
  }

  @Test
  void everyExampleTakesLessThanAMinuteAndIsNamed() throws IOException {
    assertThat(examples()).hasSize(11);
    for (Path file : examples()) {
      Experiment e = ExperimentReader.read(file, Optional.empty());
      assertThat(e.expectedDuration()).as(file.toString()).isLessThan(Duration.ofMinutes(1));
      assertThat(e.name() + ".yaml").isEqualTo(file.getFileName().toString());
      assertThat(readme()).contains("conntrail run examples/" + file.getFileName());
    }
  }

  /** One to a path of the machine that it was made on leads nowhere on any other. */
  @Test
  void noSymbolicLinkLeadsOutOfTheCheckout() throws IOException {
    Programs.Done listed =
        Programs.attempt(
            List.of("git", "-C", ROOT.toString(), "ls-files", "-s", "-z"), "", Programs.SHORT);
    assumeThat(listed.exitCode()).as("a checkout of git: %s", listed.err()).isZero();
    List<String> files = List.of(listed.out().split("\0", -1));
    assertThat(files).anyMatch(f -> f.endsWith("\tREADME.md"));
    Path root = ROOT.toRealPath();
    assertThat(files)
        .filteredOn(f -> f.startsWith("120000 "))
        .allSatisfy(link -> {
          Path at = root.resolve(link.substring(link.indexOf('\t') + 1));
          Path target = Files.readSymbolicLink(at);
          assertThat(target.isAbsolute()).isFalse();
          assertThat(at.resolveSibling(target).normalize()).startsWithRaw(root).exists();
        });
  }

  @Test
  void itsLinksLeadSomewhere() throws IOException {
    for (String name :
        List.of(
            "README.md",
            "results/README.md",
            "benchmarks/README.md",
            "docs/architecture.md",
            "docs/experiments.md",
            "docs/method.md",
            "docs/publishing.md",
            "docs/testbeds.md",
            "docs/CONTRIBUTING.md",
            "docs/CHANGELOG.md")) {
      Path page = ROOT.resolve(name);
      assertThat(LINK.matcher(Files.readString(page)).results().map(m -> m.group(1)))
          .as(name)
          .allSatisfy(target -> assertThat(page.resolveSibling(target)).exists());
    }
  }
}
