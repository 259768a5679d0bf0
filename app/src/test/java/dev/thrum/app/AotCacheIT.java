package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The AOT cache made by the build is used, wherever the distribution is; a cache that does not fit does no harm. */
@Timeout(180)
final class AotCacheIT {
    private static final String FROM_CACHE = "source: shared objects file";

    @TempDir
    private Path folder;

    @Test
    void serve_whenStartedByTheLauncher_loadsItsClassesFromTheCache() throws IOException {
        assertClassesComeFromTheCache(Child.dist());
    }

    @Test
    void serve_whenMovedToAFolderWithASpaceInItsName_loadsItsClassesFromTheCache() throws IOException {
        assertClassesComeFromTheCache(copy(folder.resolve("moved here")));
    }

    private void assertClassesComeFromTheCache(Path dist) throws IOException {
        Path log = folder.resolve("classes.log");
        Map<String, String> variables = new HashMap<>(Child.freePorts());
        variables.put("JDK_JAVA_OPTIONS", "-XX:AOTMode=on -Xlog:class+load:file=" + log);
        List<String> command = List.of(dist.resolve("thrum").toString(), "serve");
        try (Child server = Child.start(variables, command).awaitServing();
                Peer peer = new Peer(server.port("console"))) {
            assertThat(peer.line()).startsWith("Welcome!");
        }
        // The cache can't hold class files of Java 5, such as picocli's, nor classes that implement their interfaces.
        List<String> ours = Files.readAllLines(log).stream()
                .filter(line -> line.contains(" dev.thrum.engine.")
                        || line.contains(" dev.thrum.line.")
                        || line.contains(" dev.thrum.app.Serve")
                        || line.contains(" dev.thrum.services.Console "))
                .filter(line -> !line.contains("$$Lambda"))
                .toList();
        assertThat(ours)
                .hasSizeGreaterThan(30)
                .anyMatch(line -> line.contains(" dev.thrum.engine.Engine "))
                .anyMatch(line -> line.contains(" dev.thrum.line.LineSession "))
                .anyMatch(line -> line.contains(" dev.thrum.services.Console "))
                .allMatch(line -> line.contains(FROM_CACHE));
    }

    @Test
    void cache_withOtherFlagsThanItWasMadeWith_isRejected() throws IOException {
        assertThat(version("-XX:AOTMode=on")).isZero();
        assertThat(version("-XX:AOTMode=on", "-XX:-UseCompactObjectHeaders")).isNotZero();
    }

    private static int version(String... flags) throws IOException {
        Path dist = Child.dist();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + dist.resolve("jvm.options"));
        command.add("-XX:AOTCache=" + dist.resolve("lib/app/thrum.aot"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-jar", dist.resolve("lib/app/thrum.jar").toString(), "--version"));
        try (Child java = Child.start(Map.of(), command)) {
            return java.awaitExit();
        }
    }

    @Test
    void cacheThatDoesNotFit_isIgnoredSilently() throws IOException {
        Path dist = copy(folder.resolve("damaged"));
        Path cache = dist.resolve("lib/app/thrum.aot");
        byte[] bytes = Files.readAllBytes(cache);
        // The header contains the version of the JVM, among other things.
        for (int i = 64; i < 512; i++) {
            bytes[i] ^= 0x55;
        }
        Files.write(cache, bytes);
        assertStartsSilently(dist);
        Files.writeString(cache, "");
        assertStartsSilently(dist);
        Files.delete(cache);
        assertStartsSilently(dist);
    }

    private static void assertStartsSilently(Path dist) throws IOException {
        try (Child thrum = Child.start(Map.of(), List.of(dist.resolve("thrum").toString(), "--version"))) {
            assertThat(thrum.awaitExit()).isZero();
            assertThat(thrum.out()).first().asString().startsWith("Thrum ");
            assertThat(thrum.err()).isEmpty();
        }
    }

    private static Path copy(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(Child.dist())) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        target.resolve(Child.dist().relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return target;
    }
}
