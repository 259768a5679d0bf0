package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher: how it finds a JDK, when it builds, which arguments it passes on. */
@Timeout(180)
final class LauncherIT {
    @TempDir
    private Path folder;

    private Checkout checkout;
    private Map<String, String> withJdk;

    @BeforeEach
    void makeCheckout() throws IOException {
        checkout = Checkout.in(folder).withMaven();
        withJdk = Map.of(
                "JAVA_HOME", Checkout.jdk(folder.resolve("jdk 25"), "25.0.1").toString());
    }

    @Test
    void jdk_isThatOfJavaHome_whenItIsNewEnough() throws IOException {
        Path home = Checkout.jdk(folder.resolve("mine"), "26");
        Checkout.jdk(checkout.root().resolve("system/usr/lib/jvm/other"), "25");
        assertJdk(home, Map.of("JAVA_HOME", home.toString()));
    }

    @Test
    void jdk_isThatOfThePath_whenJavaHomeIsTooOld() throws IOException {
        Path home = Checkout.jdk(folder.resolve("mine"), "25.0.3");
        checkout.onPath("java", checkout.onPath("alternative", home.resolve("bin/java")));
        assertJdk(
                home,
                Map.of(
                        "JAVA_HOME",
                        Checkout.jdk(folder.resolve("old"), "17.0.15").toString()));
    }

    @Test
    void jdk_isThatOfTheUsualFolders_whenPathIsTooOldToo() throws IOException {
        Path old = Checkout.jdk(folder.resolve("old"), "17.0.15");
        checkout.onPath("java", old.resolve("bin/java"));
        Checkout.jdk(checkout.root().resolve("system/usr/lib/jvm/a-17"), "17");
        Path home = Checkout.jdk(checkout.root().resolve("system/usr/lib/jvm/b 25"), "25");
        assertJdk(home, Map.of("JAVA_HOME", old.toString()));
    }

    @Test
    void jdk_isThatOfTheUser_whenThereIsNoOther() throws IOException {
        assertJdk(Checkout.jdk(checkout.root().resolve("home/.sdkman/candidates/java/25-tem"), "25-ea"), Map.of());
    }

    private void assertJdk(Path home, Map<String, String> environment) throws IOException {
        try (Child thrum = checkout.run(environment, "serve")) {
            assertThat(thrum.awaitExit()).as("%s", thrum.err()).isZero();
            assertThat(thrum.out()).first().isEqualTo("java " + home);
            assertThat(checkout.builds()).singleElement().asString().startsWith(home + " ");
        }
    }

    @Test
    void jdk_whenThereIsNone_isRequestedInOneSentence() throws IOException {
        Checkout.jdk(checkout.root().resolve("system/usr/lib/jvm/a-24"), "24.0.2");
        try (Child thrum = checkout.run(Map.of(), "serve")) {
            assertThat(thrum.awaitExit()).isEqualTo(1);
            assertThat(thrum.out()).isEmpty();
            assertThat(thrum.err())
                    .singleElement()
                    .asString()
                    .startsWith("thrum: expected a JDK 25 or newer but found none: install one")
                    .endsWith("or set JAVA_HOME to it");
        }
    }

    @Test
    void maven_whenMissing_isRequestedInOneSentence() throws IOException {
        Files.delete(folder.resolve("tools/mvn"));
        try (Child thrum = checkout.run(withJdk, "serve")) {
            assertThat(thrum.awaitExit()).isEqualTo(1);
            assertThat(thrum.err()).singleElement().asString().contains("found no mvn: install it");
        }
    }

    @Test
    void unusualArguments_arePassedOnUnchanged() throws IOException {
        try (Child thrum = checkout.run(withJdk, "talk", "", "a b", "*", "--send=\"'$x", "@file")) {
            assertThat(thrum.awaitExit()).isZero();
            assertThat(thrum.out()).endsWith("[talk]", "[]", "[a b]", "[*]", "[--send=\"'$x]", "[@file]");
        }
    }

    @Test
    void firstStart_builds_butTheNextDoesNot() throws IOException {
        try (Child first = checkout.run(withJdk, "serve")) {
            assertThat(first.awaitExit()).isZero();
            assertThat(first.err()).singleElement().asString().startsWith("thrum: building, once, with the JDK in ");
            assertThat(first.out()).doesNotContain("a word of Maven");
        }
        try (Child second = checkout.run(withJdk, "serve")) {
            assertThat(second.awaitExit()).isZero();
            assertThat(second.err()).isEmpty();
        }
        assertThat(checkout.builds()).hasSize(1);
    }

    @Test
    void buildLog_hasNoEscapeSequences() throws IOException {
        startAndCountBuilds(1);
        assertThat(Files.readAllLines(checkout.root().resolve("target/build.log")))
                .containsExactly(
                        "[INFO] Scanning for projects...",
                        "[INFO] --- some-plugin:1.2:check (default) @ thrum-base ---",
                        "[INFO] Building Thrum base 0.1.0-SNAPSHOT                         [2/16]",
                        "a word of Maven");
    }

    /** The line is overwritten for each module and erased when the program starts. */
    @Test
    void build_onATerminal_showsTheCurrentModule() throws IOException {
        Needs.command("script");
        Path script = Files.writeString(
                folder.resolve("run"),
                "exec '" + folder.resolve("tools/bash") + "' '"
                        + checkout.root().resolve("thrum") + "' serve\n");
        Map<String, String> variables = new HashMap<>(checkout.variables(withJdk));
        String path = variables.remove("PATH");
        try (Child terminal = Child.start(
                variables, List.of("script", "-qec", "PATH='" + path + "' . '" + script + "'", "/dev/null"))) {
            assertThat(terminal.awaitExit()).as("%s", terminal.out()).isZero();
            assertThat(String.join("\n", terminal.out()))
                    .contains("\033[Kthrum: building base, module 2 of 16\n\033[Kjava ");
        }
    }

    @Test
    void start_whenASourceIsNewerOrDeleted_buildsAgain() throws IOException {
        Path source = checkout.root().resolve("app/src/main/Some.java");
        Files.writeString(source, "");
        startAndCountBuilds(1);
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plus(Duration.ofMinutes(1))));
        startAndCountBuilds(2);
        Files.delete(source);
        startAndCountBuilds(3);
        startAndCountBuilds(3);
    }

    private void startAndCountBuilds(int expected) throws IOException {
        try (Child thrum = checkout.run(withJdk, "serve")) {
            assertThat(thrum.awaitExit()).as("%s", thrum.err()).isZero();
        }
        assertThat(checkout.builds()).hasSize(expected);
    }

    @Test
    void twoFirstStarts_atTheSameTime_buildOnce() throws IOException {
        Files.writeString(
                folder.resolve("tools/mvn"),
                Files.readString(folder.resolve("tools/mvn")).replace("pipefail\n", "pipefail\nsleep 1\n"));
        try (Child one = checkout.run(withJdk, "serve");
                Child other = checkout.run(withJdk, "serve")) {
            assertThat(one.awaitExit()).isZero();
            assertThat(other.awaitExit()).isZero();
            assertThat(one.out()).contains("[serve]");
            assertThat(other.out()).contains("[serve]");
        }
        assertThat(checkout.builds()).hasSize(1);
    }

    @Test
    void build_whenItFails_showsTheEndOfItsLog_andIsRetriedAtTheNextStart() throws IOException {
        Files.writeString(checkout.root().resolve("broken"), "");
        try (Child thrum = checkout.run(withJdk, "serve")) {
            requireEndOfTheLog(thrum);
        }
        Files.delete(checkout.root().resolve("broken"));
        startAndCountBuilds(2);
    }

    private static void requireEndOfTheLog(Child thrum) {
        assertThat(thrum.awaitExit()).isEqualTo(1);
        assertThat(thrum.out()).isEmpty();
        assertThat(thrum.err()).contains("a word of Maven").last().asString().contains("it failed");
    }

    @Test
    void launcher_whenStartedThroughALink_findsItsFolder() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("thrum link"), Path.of("the checkout/thrum"));
        try (Child thrum = checkout.run(link, withJdk, "serve")) {
            assertThat(thrum.awaitExit()).isZero();
            assertThat(thrum.out()).contains("[@" + checkout.root().toRealPath() + "/app/target/dist/jvm.options]");
        }
    }

    @Test
    void test_runsMavenWithItsFlags_andLeavesACurrentDistribution() throws IOException {
        try (Child thrum = checkout.run(withJdk, "test", "--soak", "--seed", "7", "--only", "SomeTest")) {
            assertThat(thrum.awaitExit()).as("%s", thrum.err()).isZero();
            assertThat(thrum.out())
                    .containsExactly("base, module 2 of 16", "a word of Maven", "The test suite passed.");
            assertThat(thrum.err()).isEmpty();
        }
        assertThat(checkout.builds())
                .singleElement()
                .asString()
                .contains(" -Dthrum.soak=true ", " -Dthrum.seed=7 ", " -Dtest=SomeTest ", " -DskipITs ")
                .endsWith(" verify");
        startAndCountBuilds(1);
    }

    @Test
    void test_whenItFails_endsWithStatusOne() throws IOException {
        Files.writeString(checkout.root().resolve("broken"), "");
        try (Child thrum = checkout.run(withJdk, "test")) {
            assertThat(thrum.awaitExit()).isEqualTo(1);
        }
    }

    @Test
    void test_whenFlagIsUnknown_isWrongUsage() throws IOException {
        try (Child thrum = checkout.run(withJdk, "test", "--fast")) {
            assertThat(thrum.awaitExit()).isEqualTo(2);
            assertThat(thrum.err()).singleElement().asString().endsWith("but was given '--fast'");
        }
        assertThat(checkout.builds()).isEmpty();
    }

    @Test
    void packagedFolder_whenMoved_startsWithoutTheCheckout() throws IOException {
        Path target = folder.resolve("made here");
        try (Child thrum = checkout.run(withJdk, "package", target.toString())) {
            assertThat(thrum.awaitExit()).as("%s", thrum.err()).isZero();
        }
        assertThat(target).isDirectoryContaining(file -> file.endsWith("LICENSE"));
        assertThat(target.resolve("share/man/man1/thrum.1")).isRegularFile();
        Path moved = Files.move(target, folder.resolve("moved there"));
        Files.delete(folder.resolve("tools/mvn"));
        try (Child thrum = checkout.run(moved.resolve("thrum"), withJdk, "serve")) {
            assertThat(thrum.awaitExit()).as("%s", thrum.err()).isZero();
            assertThat(thrum.out()).contains("[" + moved.toRealPath() + "/lib/app/thrum.jar]", "[serve]");
        }
    }

    @Test
    void earlierPackage_stays_whenItCannotBeReplaced() throws IOException {
        Path target = folder.resolve("made here");
        try (Child thrum = checkout.run(withJdk, "package", target.toString())) {
            assertThat(thrum.awaitExit()).as("%s", thrum.err()).isZero();
        }
        Checkout.script(folder.resolve("tools/cp"), "exit 1\n");
        try (Child thrum = checkout.run(withJdk, "package", target.toString())) {
            assertThat(thrum.awaitExit()).isNotZero();
        }
        assertThat(target.resolve("lib/app/thrum.jar")).isRegularFile();
    }

    @Test
    void newerPackage_replacesTheEarlierOne() throws IOException {
        Path target = folder.resolve("made here");
        for (int i = 0; i < 2; i++) {
            try (Child thrum = checkout.run(withJdk, "package", target.toString())) {
                assertThat(thrum.awaitExit()).as("%s", thrum.err()).isZero();
            }
            Files.writeString(target.resolve("lib/old.jar"), "", StandardOpenOption.CREATE_NEW);
        }
        assertThat(target).isDirectoryNotContaining(file -> file.toString().contains("lib."));
    }

    /** At first the program was in lib itself; now lib has libraries only. */
    @Test
    void newerPackage_takesThePlaceOfOneThatHadTheProgramInLib() throws IOException {
        Path target = folder.resolve("made long ago");
        Files.writeString(Files.createDirectories(target.resolve("lib")).resolve("thrum.jar"), "");
        try (Child thrum = checkout.run(withJdk, "package", target.toString())) {
            assertThat(thrum.awaitExit()).as("%s", thrum.err()).isZero();
        }
        assertThat(target.resolve("lib/app/thrum.jar")).isRegularFile();
        assertThat(target.resolve("lib/thrum.jar")).doesNotExist();
    }

    @Test
    void install_always_installsTheLibrariesWithTheirJavadoc() throws IOException {
        Files.writeString(checkout.root().resolve("pom.xml"), """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <version>1.2.3</version>
                  <version>of something else</version>
                </project>
                """);
        try (Child thrum = checkout.run(withJdk, "install")) {
            assertThat(thrum.awaitExit()).as("%s", thrum.err()).isZero();
            assertThat(thrum.out())
                    .contains("Installed Thrum 1.2.3 into the local Maven repository.")
                    .anyMatch(line -> line.contains(" dev.thrum:thrum-bom:1.2.3 "))
                    .doesNotContain("a word of Maven");
        }
        assertThat(checkout.builds())
                .singleElement()
                .asString()
                .contains(" -Dmaven.test.skip=true ", " --projects !app,!bench,!examples ")
                .endsWith(" install -Prelease");
    }

    @Test
    void install_whenItFails_showsTheEndOfTheLog() throws IOException {
        Files.writeString(checkout.root().resolve("broken"), "");
        try (Child thrum = checkout.run(withJdk, "install")) {
            requireEndOfTheLog(thrum);
        }
    }

    @Test
    void install_withArguments_isWrongUsage() throws IOException {
        try (Child thrum = checkout.run(withJdk, "install", "elsewhere")) {
            assertThat(thrum.awaitExit()).isEqualTo(2);
            assertThat(thrum.err()).singleElement().asString().endsWith("but was given 'elsewhere'");
        }
        assertThat(checkout.builds()).isEmpty();
    }

    @Test
    void package_whenTheFolderContainsOtherFiles_isRefused() throws IOException {
        Path target = Files.createDirectories(folder.resolve("photos"));
        Files.writeString(target.resolve("one.jpg"), "");
        try (Child thrum = checkout.run(withJdk, "package", target.toString())) {
            assertThat(thrum.awaitExit()).isEqualTo(1);
            assertThat(thrum.err()).last().asString().contains("expected a new or empty folder");
        }
        assertThat(target).isDirectoryNotContaining(file -> !file.endsWith("one.jpg"));
    }
}
