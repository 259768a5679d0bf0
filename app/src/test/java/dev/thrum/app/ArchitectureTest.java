package dev.thrum.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.Test;

/** The module graph of ARCHITECTURE.md and the house rules that code can check. */
class ArchitectureTest {
    private static final JavaClasses THRUM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.thrum");

    /** Packages for other modules of Thrum, not for programs. */
    private static final Set<String> INTERNAL = Set.of(
            "dev.thrum.app.cli",
            "dev.thrum.app.cluster",
            "dev.thrum.app.compare",
            "dev.thrum.app.count",
            "dev.thrum.app.crawl",
            "dev.thrum.app.doctor",
            "dev.thrum.app.lab",
            "dev.thrum.app.load",
            "dev.thrum.app.manual",
            "dev.thrum.app.search",
            "dev.thrum.app.talk",
            "dev.thrum.base",
            "dev.thrum.cluster",
            "dev.thrum.database.dialect",
            "dev.thrum.engine.spi",
            "dev.thrum.events.ring",
            "dev.thrum.http.syntax",
            "dev.thrum.http.wire",
            "dev.thrum.lab",
            "dev.thrum.lab.picture",
            "dev.thrum.lab.scenario",
            "dev.thrum.measure",
            "dev.thrum.measure.compare",
            "dev.thrum.measure.compare.run",
            "dev.thrum.measure.load",
            "dev.thrum.measure.report",
            "dev.thrum.measure.statistics",
            "dev.thrum.simulation.code",
            "dev.thrum.simulation.explore.code",
            "dev.thrum.simulation.explore.run",
            "dev.thrum.simulation.explore.search",
            "dev.thrum.testkit",
            "dev.thrum.testkit.scripted",
            "dev.thrum.testkit.web",
            "dev.thrum.testkit.web.faults");

    private static final Set<String> MODULES_BY_TWO_NAMES =
            Set.of("http.server", "http.client", "http.files", "pipeline.kafka");

    /** The modules that are mostly what programs call, and how many public types each has: one more needs a reason. */
    private static final Map<String, Integer> MOSTLY_INTERFACE = Map.ofEntries(
            entry("http", 30),
            entry("http.server", 13),
            entry("line", 6),
            entry("log", 11),
            entry("pipeline", 25),
            entry("services", 32),
            entry("simulation", 30),
            entry("store", 30),
            entry("work", 17));

    /** Calls that ask the JDK for the time, or sleep by it. */
    private static final Set<String> TIME = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.Thread.sleep",
            "java.time.Instant.now");

    private static final Set<String> TIMED_WAITS = Set.of("parkNanos", "parkUntil", "awaitUntil");

    @Test
    void everyPackageIsInTheGraph() {
        assertThat(THRUM.stream().map(JavaClass::getPackageName).distinct())
                .allSatisfy(name -> assertThat(PackageGraph.ARROWS).containsKey(name.replace("dev.thrum.", "")));
    }

    @Test
    void arrowsPointDown_forEveryModule() {
        PackageGraph.ARROWS.forEach((from, to) -> classes()
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
    void baseEngineAndWorkDependOnlyOnTheJdk() {
        String[] jdkOnly = {"dev.thrum.base", "dev.thrum.engine..", "dev.thrum.work"};
        classes()
                .that()
                .resideInAnyPackage(jdkOnly)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "javax.net.ssl..", "org.jspecify..", "com.google.errorprone..")
                                .or(resideInAnyPackage(jdkOnly)))
                .check(THRUM);
    }

    /** So that programs which never read a URL can leave its three jars out. */
    @Test
    void okHttpIsOnlyUsedByUrls() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.thrum.http.client.url")
                .should()
                .dependOnClassesThat(resideInAnyPackage("okhttp3..", "okio..", "kotlin.."))
                .check(THRUM);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.thrum.(**)").should().beFreeOfCycles().check(THRUM);
    }

    @Test
    void timeComesFromAClock_exceptInTheSystemClock() {
        noClasses()
                .that()
                // The scenarios of the lab are written as their readers write programs.
                .resideOutsideOfPackages(
                        "dev.thrum.simulation..", "dev.thrum.testkit", "dev.thrum.bench..", "dev.thrum.lab.scenario")
                .and()
                .doNotHaveFullyQualifiedName("dev.thrum.base.SystemClock")
                .should()
                .accessTargetWhere(describe("reads the JDK's time", ArchitectureTest::readsTime))
                .check(THRUM);
    }

    private static boolean readsTime(JavaAccess<?> access) {
        return TIME.contains(
                access.getTargetOwner().getFullName() + "." + access.getTarget().getName());
    }

    @Test
    void waitsOfWorkEndByItsClock_soItRunsInTheSimulation() {
        noClasses()
                .that()
                .resideInAPackage("dev.thrum.work")
                .should()
                .accessTargetWhere(describe("waits by the JDK's time", ArchitectureTest::waitsByTime))
                .check(THRUM);
    }

    private static boolean waitsByTime(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                && !isOverridden(target, access.getOrigin())
                && (TIMED_WAITS.contains(target.getName())
                        || target.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(TimeUnit.class))
                        || (target.getName().equals("awaitNanos")
                                && target.getOwner().isEquivalentTo(Condition.class))
                        || (target.getName().equals("join")
                                && target.getOwner().isEquivalentTo(Thread.class)
                                && !target.getRawParameterTypes().isEmpty()));
    }

    /** Whether a method calls the one that it overrides: then its own caller has chosen to wait like that. */
    private static boolean isOverridden(CodeUnitAccessTarget target, JavaCodeUnit origin) {
        return target.getName().equals(origin.getName())
                && target.getRawParameterTypes().equals(origin.getRawParameterTypes());
    }

    @Test
    void namesWithoutMeaning_areNotUsed() {
        noClasses()
                .should()
                .haveNameMatching(".*\\.(Abstract|Base)[A-Z]\\w*")
                .orShould()
                .haveNameMatching(".*(Impl|Manager|Helper|Utils?)")
                .check(THRUM);
    }

    @Test
    void atMostTwoTypesOfFiveArePublic_inEveryModuleThatIsNotMostlyItsInterface() {
        Map<String, List<JavaClass>> modules =
                THRUM.stream().filter(ArchitectureTest::isNamed).collect(groupingBy(ArchitectureTest::module));
        assertThat(modules).containsKeys(MOSTLY_INTERFACE.keySet().toArray(String[]::new));
        modules.forEach((module, types) -> {
            List<String> open = types.stream()
                    .filter(ArchitectureTest::isPublicToPrograms)
                    .map(JavaClass::getName)
                    .sorted()
                    .toList();

            var publicTypes = assertThat(open)
                    .as("public types of %s, which has %d types; decision 29 says what to do", module, types.size());
            Integer known = MOSTLY_INTERFACE.get(module);
            if (known == null) {
                publicTypes.hasSizeLessThanOrEqualTo(types.size() * 2 / 5);
            } else {
                publicTypes.hasSize(known);
            }
        });
    }

    @Test
    void anEngineHasAtMost20TypesForPrograms() {
        assertThat(THRUM.stream()
                        .filter(type -> type.getPackageName().equals("dev.thrum.engine"))
                        .filter(JavaClass::isTopLevelClass)
                        .filter(ArchitectureTest::isPublicToPrograms))
                .hasSizeLessThanOrEqualTo(20);
    }

    private static boolean isNamed(JavaClass type) {
        return !type.isAnonymousClass()
                && !type.isLocalClass()
                && !type.getSimpleName().equals("package-info");
    }

    private static boolean isPublicToPrograms(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass()
                        .map(ArchitectureTest::isPublicToPrograms)
                        .orElse(true)
                && !INTERNAL.contains(type.getPackageName());
    }

    /** The module of a type, named by its package: {@code http.server}, but {@code engine} for {@code engine.spi}. */
    private static String module(JavaClass type) {
        String name = type.getPackageName().replace("dev.thrum.", "");
        return MODULES_BY_TWO_NAMES.stream()
                .filter(module -> name.equals(module) || name.startsWith(module + "."))
                .findFirst()
                .orElseGet(() -> name.replaceFirst("\\..*", ""));
    }
}
