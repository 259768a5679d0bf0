package dev.thrum.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The build files of the libraries. */
final class LibrariesTest {
    private static final Pattern MODULE = Pattern.compile("<module>([\\w-]+)</module>");

    /** Jars that are not copied. */
    private static final Pattern LEFT_OUT = Pattern.compile("<excludeArtifactIds>[^<]*");

    @Test
    void bom_always_listsEveryModuleThatProgramsUse() throws IOException {
        String parent = Files.readString(Documentation.ROOT.resolve("pom.xml"));

        assertThat(Stream.concat(Libraries.modules().stream(), Stream.of("bom", "app", "bench", "examples")))
                .containsExactlyInAnyOrderElementsOf(MODULE.matcher(parent)
                        .results()
                        .map(found -> found.group(1))
                        .toList());
    }

    @Test
    void bom_always_hasTheVersionOfTheModules() throws IOException {
        String version = "<version>" + Libraries.version() + "</version>";
        for (String module : Libraries.modules()) {
            assertThat(Files.readString(Documentation.ROOT.resolve(module).resolve("pom.xml")))
                    .as(module)
                    .contains(version);
        }
    }

    /** SLF4J is an optional dependency of some libraries that Thrum uses, and no module passes it on. */
    @Test
    void libraries_nameNoLoggingBackend() throws IOException {
        for (String module : Libraries.modules()) {
            String build = Files.readString(Documentation.ROOT.resolve(module).resolve("pom.xml"));
            assertThat(LEFT_OUT.matcher(build).replaceAll(""))
                    .as(module)
                    .doesNotContain("slf4j", "logback", "log4j", "commons-logging");
        }
    }
}
