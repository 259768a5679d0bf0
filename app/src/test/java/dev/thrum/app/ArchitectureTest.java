package dev.thrum.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The module graph of ARCHITECTURE.md and the house rules that code can check. */
class ArchitectureTest {
    private static final JavaClasses THRUM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.thrum");

    /** Which of our packages each package may use besides itself. */
    private static final Map<String, List<String>> ARROWS = Map.of(
            "engine", List.of(),
            "work", List.of(),
            "netty", List.of("engine"),
            "line", List.of("engine"),
            "http", List.of("engine"),
            "store", List.of("work"),
            "log", List.of("work"),
            "simulation", List.of("engine"),
            "testkit", List.of("engine"),
            "app", List.of("engine", "netty", "work", "line", "http", "store", "log"));

    @Test
    void everyPackageIsInTheGraph_soNoneEscapesIt() {
        assertThat(THRUM.stream().map(JavaClass::getPackageName).distinct())
                .allSatisfy(name -> assertThat(ARROWS).containsKey(name.replace("dev.thrum.", "")));
    }

    @Test
    void arrowsPointDown_forEveryModule() {
        ARROWS.forEach((from, to) -> classes()
                .that()
                .resideInAPackage("dev.thrum." + from)
                .should()
                .onlyDependOnClassesThat(DescribedPredicate.not(resideInAPackage("dev.thrum.."))
                        .or(resideInAnyPackage(
                                to.stream().map(name -> "dev.thrum." + name).toArray(String[]::new)))
                        .or(resideInAPackage("dev.thrum." + from)))
                .check(THRUM));
    }

    @Test
    void engineAndWorkNeedTheJdkOnly() {
        classes()
                .that()
                .resideInAnyPackage("dev.thrum.engine", "dev.thrum.work")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "java..", "dev.thrum.engine", "dev.thrum.work", "org.jspecify..", "com.google.errorprone.."))
                .check(THRUM);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.thrum.(*)..").should().beFreeOfCycles().check(THRUM);
    }

    @Test
    void timeComesFromTheClock_exceptWhereAClockIsMade() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.thrum.engine", "dev.thrum.netty", "dev.thrum.line", "dev.thrum.http", "dev.thrum.app")
                .and()
                .doNotHaveSimpleName("SystemClock")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", java.time.Duration.class)
                .check(THRUM);
    }

    @Test
    void namesSayHow_soTheseSayNothing() {
        noClasses()
                .should()
                .haveNameMatching(".*\\.(Abstract|Base)[A-Z]\\w*")
                .orShould()
                .haveNameMatching(".*(Impl|Manager|Helper|Utils?)")
                .check(THRUM);
    }

    @Test
    void atMostTwoTypesOfFiveArePublic() {
        List<JavaClass> types = THRUM.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .toList();
        long open = types.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .count();

        assertThat(open * 100.0 / types.size())
                .as("%d of %d types are public", open, types.size())
                .isLessThanOrEqualTo(40);
    }
}
