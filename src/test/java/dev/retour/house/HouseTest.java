package dev.retour.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The house of docs/architecture.md: rooms import strictly downwards. */
@AnalyzeClasses(packages = "dev.retour", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {
  private static final int LINES_MAX = 300;

  /** Those that may be longer, each with its reason. */
  private static final Set<String> LONG_FILES = Set.of();

  private static final Map<String, Integer> LEVELS =
      Map.ofEntries(
          Map.entry("config", -1),
          Map.entry("mail", 0),
          Map.entry("qualification", 0),
          Map.entry("store", 0),
          Map.entry("sandbox", 0),
          Map.entry("quarantine", 1),
          Map.entry("domains", 1),
          Map.entry("delivery", 2),
          Map.entry("messages", 2),
          Map.entry("events", 3),
          Map.entry("bounces", 3),
          Map.entry("erp", 3),
          Map.entry("console", 4),
          Map.entry("app", 5));

  @ArchTest
  static final ArchRule no_circles =
      slices().matching("dev.retour.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule only_modules_and_app_know_camel =
      noClasses()
          .that()
          .haveSimpleNameNotEndingWith("Module")
          .and()
          .haveNameNotMatching(".*Module\\$.*")
          .and()
          .resideOutsideOfPackage("dev.retour.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.camel..");

  @ArchTest
  static final ArchRule only_app_reads_the_wall_clock =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.retour.app..")
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(java.time.LocalDate.class, "now")
          .orShould()
          .callMethod(java.time.LocalDateTime.class, "now")
          .orShould()
          .callMethod(java.time.ZonedDateTime.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static void rooms_import_strictly_downwards(com.tngtech.archunit.core.domain.JavaClasses all) {
    List<String> offenders = new ArrayList<>();
    LEVELS.forEach(
        (room, level) -> {
          String[] forbidden =
              LEVELS.entrySet().stream()
                  .filter(other -> other.getValue() >= level && !other.getKey().equals(room))
                  .map(other -> "dev.retour." + other.getKey() + "..")
                  .toArray(String[]::new);
          if (forbidden.length > 0) {
            EvaluationResult result =
                noClasses()
                    .that()
                    .resideInAPackage("dev.retour." + room + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .allowEmptyShould(true)
                    .evaluate(all);
            offenders.addAll(result.getFailureReport().getDetails());
          }
        });
    Assertions.assertThat(offenders).as("imports that do not go down").isEmpty();
  }

  @ArchTest
  static void every_package_is_a_room(com.tngtech.archunit.core.domain.JavaClasses all) {
    List<String> strangers =
        all.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith("dev.retour."))
            .map(name -> name.substring("dev.retour.".length()).split("\\.", -1)[0])
            .distinct()
            .filter(room -> !LEVELS.containsKey(room))
            .collect(Collectors.toList());
    Assertions.assertThat(strangers).as("packages without a place in the house").isEmpty();
    Assertions.assertThat(
            LEVELS.keySet().stream()
                .filter(
                    room ->
                        all.stream()
                            .noneMatch(
                                DescribedPredicate.describe(
                                    room,
                                    c -> c.getPackageName().startsWith("dev.retour." + room)))))
        .as("rooms that are missing")
        .isEmpty();
  }

  @Test
  void no_file_is_longer_than_300_lines() throws IOException {
    List<String> tooLong = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        long lines = Files.readString(file).lines().count();
        if (lines > LINES_MAX && !LONG_FILES.contains(file.getFileName().toString())) {
          tooLong.add(file + ": " + lines);
        }
      }
    }
    Assertions.assertThat(tooLong).as("files of more than " + LINES_MAX + " lines").isEmpty();
  }
}
