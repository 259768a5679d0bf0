package dev.thrum.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The modules that other projects may use, as the BOM lists them. */
final class Libraries {
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>thrum-([\\w-]+)</artifactId>");
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");

    private Libraries() {}

    /** The folder names of the modules. */
    static List<String> modules() throws IOException {
        List<String> modules = ARTIFACT.matcher(bom())
                .results()
                .map(found -> found.group(1))
                .filter(name -> !name.equals("bom"))
                .toList();
        assertThat(modules).contains("engine", "line").doesNotContain("app", "bench", "examples");
        return modules;
    }

    static String version() throws IOException {
        Matcher version = VERSION.matcher(bom());
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    private static String bom() throws IOException {
        return Files.readString(root().resolve("bom/pom.xml"));
    }

    private static Path root() {
        return Path.of(System.getProperty("thrum.root"));
    }
}
