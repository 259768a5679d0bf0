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

    /** The packages that each package may use besides itself. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            entry("base", List.of()),
            entry("engine.spi", List.of("base")),
            entry("engine", List.of("base", "engine.spi")),
            entry("events", List.of("base", "engine", "engine.spi")),
            entry("tls", List.of("base", "engine", "engine.spi")),
            entry("work", List.of("base")),
            entry("line", List.of("base", "engine")),
            entry("http.syntax", List.of("base")),
            entry("http", List.of("base", "engine", "http.syntax")),
            entry("http.wire", List.of("base", "engine", "http", "http.syntax")),
            entry("http.server", List.of("base", "engine", "http", "http.syntax", "http.wire")),
            entry("http.client.address", List.of("base", "engine")),
            entry("http.client.url", List.of("base")),
            entry(
                    "http.client",
                    List.of(
                            "base",
                            "engine",
                            "http",
                            "http.syntax",
                            "http.wire",
                            "tls",
                            "http.client.address",
                            "http.client.url")),
            entry("http.files", List.of("base", "engine", "http", "http.syntax")),
            entry("database.dialect", List.of("base")),
            entry("database", List.of("base", "work", "database.dialect")),
            entry("store", List.of("base", "database", "database.dialect")),
            entry("store.backup", List.of("base", "database", "database.dialect", "store")),
            entry("log", List.of("base", "work")),
            entry("pipeline", List.of("base", "work")),
            entry(
                    "crawl.fetch",
                    List.of(
                            "base",
                            "engine",
                            "work",
                            "pipeline",
                            "tls",
                            "http",
                            "http.syntax",
                            "http.client",
                            "http.client.address",
                            "http.client.url")),
            entry("crawl.archive", List.of("base", "http.client")),
            entry("crawl.html", List.of("base", "crawl.text")),
            entry(
                    "crawl.robots",
                    List.of("base", "http", "http.client", "http.client.url", "crawl.text", "crawl.fetch")),
            entry(
                    "crawl.crawler",
                    List.of(
                            "base",
                            "engine",
                            "work",
                            "pipeline",
                            "tls",
                            "http",
                            "http.syntax",
                            "http.client",
                            "http.client.url",
                            "crawl.archive",
                            "crawl.fetch",
                            "crawl.frontier",
                            "crawl.html",
                            "crawl.robots",
                            "crawl.search",
                            "crawl.text",
                            "crawl.url")),
            entry("crawl.text", List.of("base", "http.client.url")),
            entry("crawl.url", List.of("base", "http.client.url", "crawl.frontier")),
            entry("crawl.frontier", List.of("base")),
            entry("crawl.search", List.of("base", "http.client.url")),
            entry(
                    "crawl.mine",
                    List.of(
                            "base",
                            "engine",
                            "work",
                            "pipeline",
                            "tls",
                            "http",
                            "http.syntax",
                            "http.client",
                            "http.client.address",
                            "http.client.url",
                            "crawl.fetch",
                            "crawl.text")),
            entry("measure", List.of("base")),
            entry("measure.load", List.of("base", "http", "http.syntax", "http.client.url", "measure")),
            entry("measure.statistics", List.of()),
            entry("measure.compare", List.of("measure", "measure.statistics")),
            entry(
                    "measure.compare.run",
                    List.of(
                            "base",
                            "http",
                            "http.client.url",
                            "measure",
                            "measure.load",
                            "measure.statistics",
                            "measure.compare")),
            entry("measure.report", List.of("base", "http", "measure.compare", "measure.statistics")),
            entry("simulation.code", List.of("base")),
            entry("simulation", List.of("base", "engine", "engine.spi", "simulation.code")),
            entry("simulation.junit", List.of("engine.spi", "simulation", "simulation.explore")),
            entry("simulation.explore.code", List.of("simulation.code")),
            entry(
                    "simulation.explore.run",
                    List.of("base", "engine.spi", "simulation.code", "simulation.explore.code")),
            entry("simulation.explore.search", List.of("simulation.explore.code", "simulation.explore.run")),
            entry(
                    "simulation.explore",
                    List.of(
                            "engine.spi",
                            "simulation.code",
                            "simulation.explore.code",
                            "simulation.explore.run",
                            "simulation.explore.search")),
            entry("lab.scenario", List.of("simulation.explore")),
            entry("lab.picture", List.of("base", "simulation.explore")),
            entry("lab", List.of("base", "work", "simulation.explore", "lab.picture", "lab.scenario")),
            entry("testkit", List.of("base", "engine", "engine.spi", "testkit.web")),
            entry("testkit.scripted", List.of("base", "engine", "engine.spi", "testkit")),
            entry("testkit.web", List.of("base", "engine")),
            entry("testkit.web.faults", List.of("testkit.web")),
            entry("services", List.of("base", "engine", "line")),
            entry(
                    "services.web",
                    List.of(
                            "base",
                            "engine",
                            "http",
                            "http.server",
                            "http.files",
                            "database",
                            "store",
                            "log",
                            "services")),
            entry("services.data", List.of("base", "work", "database", "store", "store.backup", "log", "services.web")),
            entry(
                    "services.admin",
                    List.of(
                            "base",
                            "engine",
                            "work",
                            "http",
                            "http.server",
                            "database",
                            "store",
                            "log",
                            "services",
                            "services.web",
                            "services.data")),
            entry("examples", List.of("base", "engine", "events", "line", "http", "http.server", "http.client")),
            entry("app.cli", List.of("base")),
            entry("app.talk", List.of("base", "engine", "tls", "services", "app.cli")),
            entry("app.manual", List.of("app.cli")),
            entry("app.count", List.of("base", "work", "app.cli")),
            entry("app.search", List.of("base", "http", "http.server", "services.web", "crawl.search", "app.cli")),
            entry(
                    "app.compare",
                    List.of(
                            "base",
                            "engine",
                            "events",
                            "line",
                            "http",
                            "http.server",
                            "http.files",
                            "database",
                            "store",
                            "measure",
                            "measure.compare",
                            "measure.compare.run",
                            "measure.report",
                            "app.cli",
                            "app.crawl")),
            entry(
                    "app.doctor",
                    List.of("base", "engine", "tls", "http.client", "http.client.url", "app.cli", "app.crawl")),
            entry(
                    "app.lab",
                    List.of(
                            "base",
                            "lab",
                            "lab.picture",
                            "lab.scenario",
                            "simulation.explore",
                            "app.cli",
                            "app.crawl")),
            entry(
                    "app.load",
                    List.of(
                            "base",
                            "tls",
                            "http",
                            "http.client.url",
                            "measure",
                            "measure.load",
                            "app.cli",
                            "app.crawl",
                            "app.talk")),
            entry(
                    "app.crawl",
                    List.of(
                            "base",
                            "engine",
                            "work",
                            "pipeline",
                            "tls",
                            "http",
                            "http.client",
                            "http.client.address",
                            "http.client.url",
                            "crawl.archive",
                            "crawl.crawler",
                            "crawl.fetch",
                            "crawl.mine",
                            "app.cli",
                            "app.search")),
            entry(
                    "app",
                    List.of(
                            "base",
                            "engine",
                            "events",
                            "tls",
                            "line",
                            "work",
                            "http",
                            "http.server",
                            "http.client",
                            "http.files",
                            "database",
                            "store",
                            "store.backup",
                            "log",
                            "services",
                            "services.web",
                            "services.data",
                            "services.admin",
                            "app.cli",
                            "app.talk",
                            "app.manual",
                            "crawl.search",
                            "app.count",
                            "app.crawl",
                            "app.compare",
                            "app.doctor",
                            "app.lab",
                            "app.load",
                            "app.search")));

    /** Packages for other modules of Thrum, not for programs. */
    private static final Set<String> INTERNAL = Set.of(
            "dev.thrum.app.cli",
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
            "dev.thrum.database.dialect",
            "dev.thrum.engine.spi",
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

    private static final Set<String> MODULES_OF_HTTP = Set.of("http.server", "http.client", "http.files");

    /** The modules that are mostly what programs call, and how many public types each has: one more needs a reason. */
    private static final Map<String, Integer> MOSTLY_INTERFACE = Map.ofEntries(
            entry("http", 30),
            entry("http.server", 13),
            entry("line", 6),
            entry("log", 11),
            entry("pipeline", 16),
            entry("services", 29),
            entry("simulation", 28),
            entry("store", 27),
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
        return MODULES_OF_HTTP.stream()
                .filter(module -> name.equals(module) || name.startsWith(module + "."))
                .findFirst()
                .orElseGet(() -> name.replaceFirst("\\..*", ""));
    }
}
