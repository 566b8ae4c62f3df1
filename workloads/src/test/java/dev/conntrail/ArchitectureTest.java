package dev.conntrail;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Holds the package table of the README: imports follow the data, one way. */
class ArchitectureTest {
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("spec", Set.of()),
          Map.entry("testbed", Set.of("spec")),
          Map.entry("dataplane", Set.of("spec", "testbed")),
          Map.entry("posix", Set.of()),
          Map.entry("echo", Set.of("spec", "posix")),
          Map.entry(
              "calibration",
              Set.of("spec", "testbed", "dataplane", "result", "analysis", "experiment", "posix")),
          Map.entry("record", Set.of("spec")),
          Map.entry("load", Set.of("spec", "record", "echo.v1")),
          Map.entry("result", Set.of("spec", "record")),
          Map.entry("analysis", Set.of("spec", "record", "result")),
          Map.entry(
              "experiment", Set.of("spec", "testbed", "dataplane", "record", "result", "analysis")),
          Map.entry("report", Set.of("spec", "record", "result", "analysis")));

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.conntrail");

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
      rule.check(classes);
    });
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackage("dev.conntrail.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.conntrail.cli..")
        .check(classes);
  }

  @Test
  void everyPackageIsInTheTable() {
    Set<String> known = MAY_IMPORT.keySet();
    classes.stream()
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
        .check(classes);
  }

  @Test
  void fireTimesAndModelsArePure() {
    ArchRuleDefinition.classes()
        .that()
        .resideInAPackage("dev.conntrail.load.schedule..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java.lang..", "dev.conntrail.load.schedule..")
        .check(classes);
    ArchRuleDefinition.classes()
        .that()
        .resideInAPackage("dev.conntrail.analysis.chance..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java.lang..",
            "java.math..",
            "java.util..",
            "org.apache.commons.rng..",
            "org.apache.commons.statistics..",
            "dev.conntrail.analysis.chance..")
        .check(classes);
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage("dev.conntrail.record..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.io..", "java.nio.file..")
        .check(classes);
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
            "dev.conntrail.echo..")
        .whereLayer("report")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("running")
        .mayNotBeAccessedByAnyLayer()
        .check(classes);
  }
}
