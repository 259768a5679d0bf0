package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A temporary folder from which no library can be loaded: said in one line, with the remedy. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
final class UnfitTemporaryFolderIT {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "noexec | serve | the embedded database",
                "ro | serve | the embedded database",
                "noexec | files . --port 0 --engine events | engine events",
                "ro | files . --port 0 --engine events | engine events",
            })
    void reason_isOneLine(String option, String arguments, String what) throws IOException {
        Needs.command("unshare");
        Needs.command("mount");
        Path folder = Child.newFolder();
        Map<String, String> variables = new HashMap<>(Child.freePorts());
        variables.put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + folder);
        String script = "mount -t tmpfs -o " + option + " none '" + folder + "' || exit 77; exec \"$0\" " + arguments;
        List<String> command = List.of(
                "unshare",
                "--map-root-user",
                "--mount",
                "bash",
                "-c",
                script,
                Child.command().getFirst());
        try (Child thrum = Child.start(variables, command)) {
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
}
