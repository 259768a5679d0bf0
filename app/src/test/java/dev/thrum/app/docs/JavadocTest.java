package dev.thrum.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.DocumentationTool;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Javadoc of all libraries has no warnings. {@code ./thrum install} builds it for each of them in the same way. */
final class JavadocTest {
    @TempDir
    private Path folder;

    @Test
    void javadoc_ofAllLibraries_hasNoWarnings() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : Libraries.modules()) {
            try (Stream<Path> files =
                    Files.walk(Documentation.ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        assertThat(warnings(sources)).isEmpty();
        assertThat(folder.resolve("dev/thrum/line/LineSession.html")).isNotEmptyFile();
    }

    @Test
    void javadoc_withABrokenLink_hasAWarning() throws IOException {
        Path source = folder.resolve("Broken.java");
        Files.writeString(source, """
                /** Has {@link Missing}. */
                public class Broken {}
                """);
        assertThat(warnings(List.of(source))).contains("reference not found");
    }

    /** The output of the tool; empty if there is nothing to report. */
    private String warnings(List<Path> sources) throws IOException {
        DocumentationTool tool = ToolProvider.getSystemDocumentationTool();
        StringWriter messages = new StringWriter();
        List<String> options = List.of(
                "-quiet",
                "-notimestamp",
                "-Werror",
                "-Xdoclint:all,-missing",
                "-classpath",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString());
        try (var files = tool.getStandardFileManager(null, Locale.ROOT, null)) {
            var units = files.getJavaFileObjectsFromPaths(sources);
            boolean made = tool.getTask(new PrintWriter(messages), files, null, null, options, units)
                    .call();
            assertThat(made).as("%s", messages).isEqualTo(messages.toString().isEmpty());
        }
        return messages.toString();
    }
}
