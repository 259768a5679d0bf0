package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A temporary folder from which no library can be loaded is reported in one line, with the remedy. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
final class UnfitTemporaryFolderIT {
    /** Without the launcher, which passes the path of the database's native library. */
    private static final String JAR = "\"$1/bin/java\" \"@$2/jvm.options\" -jar \"$2/lib/app/thrum.jar\" ";

    private static final String LAUNCHER = "\"$2/thrum\" ";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "noexec | serve | the embedded database",
                "ro | serve | the embedded database",
                "noexec | files . --port 0 --engine events | engine events",
                "ro | files . --port 0 --engine events | engine events",
            })
    void reason_isReportedInOneLine(String option, String arguments, String what) throws IOException {
        Path folder = Child.newFolder();
        try (Child thrum = start(folder, option, JAR + arguments)) {
            int status = thrum.awaitExit();
            Needs.need(status != 77, "needs to mount in a namespace of its own: allow user namespaces");
            assertThat(status).isEqualTo(1);
            assertThat(thrum.err().stream().filter(line -> !line.startsWith("NOTE: Picked up")))
                    .singleElement()
                    .asString()
                    .startsWith("thrum: cannot load the library of " + what + " from " + folder + ": ")
                    .endsWith("; name another folder with JDK_JAVA_OPTIONS=-Djava.io.tmpdir=DIR");
        }
    }

    @Test
    void embeddedDatabase_needsNoTemporaryFolder_whenStartedByTheLauncher() throws IOException {
        Path folder = Child.newFolder();
        Path data = Child.newFolder().resolve("data");
        try (Child thrum = start(folder, "noexec", LAUNCHER + "serve --data '" + data + "'")
                .awaitServing()) {
            assertThat(thrum.port("web")).isPositive();
            assertThat(data.resolve("thrum.db")).isNotEmptyFile();
        }
    }

    /** Starts the program in a mount namespace in which the folder is mounted with this option. */
    private static Child start(Path folder, String option, String program) throws IOException {
        Needs.command("unshare");
        Needs.command("mount");
        Map<String, String> variables = new HashMap<>(Child.freePorts());
        variables.put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + folder);
        String script = "mount -t tmpfs -o " + option + " none '" + folder + "' || exit 77; exec " + program;
        List<String> command = List.of(
                "unshare",
                "--map-root-user",
                "--mount",
                "bash",
                "-c",
                script,
                "thrum",
                System.getProperty("java.home"),
                Child.dist().toString());
        return Child.start(variables, command);
    }
}
