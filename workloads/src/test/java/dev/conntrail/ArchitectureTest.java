package dev.conntrail;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.conntrail.record.FirstLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the package table of docs/architecture.md: imports follow the data, one way. */
class ArchitectureTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z]+)` \\| .+ \\| ([^|]*) ?\\|$", Pattern.MULTILINE);

  /** What each package may import; all but cli, which may import all. */
  private static final Map<String, Set<String>> MAY_IMPORT = table();

  private static Map<String, Set<String>> table() {
    try {
      return ROW.matcher(Files.readString(Path.of("../docs/architecture.md")))
          .results()
          .filter(row -> !row.group(1).equals("cli"))
          .collect(
              Collectors.toMap(
                  row -> row.group(1),
                  row ->
                      Stream.of(row.group(2).replaceAll("\\(.*\\)", "").split(",", -1))
                          .map(String::strip)
                          .filter(name -> !name.isEmpty())
                          .collect(Collectors.toSet())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final JavaClasses CLASSES = classes();

  /** Read once, and no others: of who is not among them a name will do. */
  private static JavaClasses classes() {
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPath(Path.of("target", "classes"));
  }

  @Test
  void everyPackageImportsOnlyWhatTheTableAllows() {
    MAY_IMPORT.forEach((name, allowed) -> {
      String[] others =
          MAY_IMPORT.keySet().stream()
              .filter(o -> !o.equals(name) && !allowed.contains(o))
              .map(o -> "dev.conntrail." + o + "..")
              .toArray(String[]::new);
      var rule =
          ArchRuleDefinition.noClasses()
              .that()
              .resideInAPackage("dev.conntrail." + name + "..")
              .should()
              .dependOnClassesThat(
                  com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(others)
                      .and(
                          com.tngtech.archunit.base.DescribedPredicate.not(
                              com.tngtech.archunit.core.domain.JavaClass.Predicates
                                  .resideInAnyPackage(
                                      allowed.contains("echo.v1")
                                          ? "dev.conntrail.echo.v1"
                                          : "none"))));
      rule.check(CLASSES);
    });
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackage("dev.conntrail.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.conntrail.cli..")
        .check(CLASSES);
  }

  @Test
  void everyPackageIsInTheTable() {
    Set<String> known = MAY_IMPORT.keySet();
    CLASSES.stream()
        .map(c ->
            c.getPackageName().replaceFirst("^dev\\.conntrail\\.?", "").replaceFirst("\\..*", ""))
        .distinct()
        .forEach(p ->
            org.assertj.core.api.Assertions.assertThat(known.contains(p) || p.equals("cli"))
                .as("package " + p)
                .isTrue());
  }

  @Test
  void noCycles() {
    SlicesRuleDefinition.slices()
        .matching("dev.conntrail.(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void fireTimesAndModelsArePure() {
    ArchRuleDefinition.classes()
        .that()
        .resideInAPackage("dev.conntrail.load.schedule..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java.lang..", "dev.conntrail.load.schedule..")
        .check(CLASSES);
    ArchRuleDefinition.classes()
        .that()
        .resideInAPackage("dev.conntrail.load.codec..")
        .should()
        .onlyDependOnClassesThat(
            JavaClass.Predicates.resideInAnyPackage(
                    "java.lang..",
                    "java.util..",
                    "java.nio.charset..",
                    "java.security..",
                    "dev.conntrail.load.codec..")
                .or(JavaClass.Predicates.type(FirstLine.class))
                .or(JavaClass.Predicates.type(IOException.class))
                .or(JavaClass.Predicates.type(ProtocolException.class)))
        .check(CLASSES);
    ArchRuleDefinition.classes()
        .that()
        .resideInAnyPackage(
            "dev.conntrail.analysis.chance..",
            "dev.conntrail.analysis.theory..",
            "dev.conntrail.analysis.trend..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java.lang..",
            "java.math..",
            "java.util..",
            "org.apache.commons.rng..",
            "org.apache.commons.statistics..",
            "dev.conntrail.analysis.chance..",
            "dev.conntrail.analysis.theory..",
            "dev.conntrail.analysis.trend..")
        .check(CLASSES);
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage("dev.conntrail.record..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.io..", "java.nio.file..")
        .check(CLASSES);
  }

  @Test
  void onlyResultAndCommandsWriteFiles() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("report")
        .definedBy("dev.conntrail.report..")
        .layer("running")
        .definedBy(
            "dev.conntrail.experiment..",
            "dev.conntrail.testbed..",
            "dev.conntrail.dataplane..",
            "dev.conntrail.load..",
            "dev.conntrail.agent..",
            "dev.conntrail.echo..")
        .whereLayer("report")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("running")
        .mayNotBeAccessedByAnyLayer()
        .check(CLASSES);
  }
}
