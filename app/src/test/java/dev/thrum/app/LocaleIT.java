package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Non-ASCII names with a locale that does not specify UTF-8. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
final class LocaleIT {
    /** Müller as quoted for a shell, so that the locale of this JVM does not matter. */
    private static final String NAME = "$'M\\xc3\\xbcller'";

    private static final Path DATA = Child.newFolder();

    @BeforeAll
    static void makeDatabase() throws IOException {
        try (Child server = Child.serve("--data", DATA.toString())) {
            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();
        }
    }

    private static Map<String, String> variables(String locale) {
        Map<String, String> variables = new HashMap<>(Child.freePorts());
        for (String one : locale.split(" ", -1)) {
            variables.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
        }
        return variables;
    }

    private static List<String> shell(String text) {
        return List.of("bash", "-c", text.replace("NAME", NAME), Child.command().getFirst());
    }

    private static List<String> withoutLauncher(String text) {
        Path dist = Child.dist();
        return shell("exec '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' '@"
                + dist.resolve("jvm.options") + "' -jar '" + dist.resolve("lib/app/thrum.jar") + "' " + text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LC_ALL=C",
                "LANG=C",
                "LANG=POSIX",
                "LC_CTYPE=POSIX LANG=C.UTF-8",
                "LANG=xx_XX.UTF-8",
                "LC_TIME=xx_XX.UTF-8 LANG=C.UTF-8"
            })
    void name_isStoredAsTyped(String locale) throws IOException {
        Map<String, String> variables = variables(locale);
        variables.put("THRUM_DATA", DATA.toString());
        String email = Integer.toHexString(locale.hashCode()) + "@example.org";
        try (Child thrum = Child.start(variables, shell("exec \"$0\" users add NAME " + email))) {
            assertThat(thrum.awaitExit()).as("%s", thrum.err()).isZero();
            assertThat(thrum.out()).last().asString().contains("Müller");
        }
    }

    @Test
    void file_isServedAndListed() throws IOException {
        Path folder = Child.newFolder();
        List<String> command =
                shell("printf content >" + folder + "/NAME.txt && exec \"$0\" files " + folder + " --port 0");
        try (Child server = Child.start(Map.of("LC_ALL", "C"), command).awaitServing()) {
            assertThat(response(server, "/M%C3%BCller.txt"))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("content");
            assertThat(response(server, "/")).contains("M%C3%BCller.txt");
            assertThat(server.err()).isEmpty();
        }
    }

    private static String response(Child server, String path) throws IOException {
        StringBuilder response = new StringBuilder();
        try (Peer peer = new Peer(server.port("files"))) {
            peer.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            @Nullable String line = peer.line();
            while (line != null) {
                response.append(response.isEmpty() ? "" : "\n").append(line);
                line = peer.line();
            }
        }
        return response.toString();
    }

    @Test
    void nameThatCannotBeDecoded_isRefused() throws IOException {
        Map<String, String> variables = variables("LC_ALL=C");
        variables.put("THRUM_DATA", DATA.toString());
        try (Child thrum = Child.start(variables, withoutLauncher("users add NAME m@example.org"))) {
            assertThat(thrum.awaitExit()).isEqualTo(2);
            assertThat(thrum.err()).singleElement().asString().endsWith("set LC_ALL=C.UTF-8 if they are right");
        }
    }

    @Test
    void localeOfAnotherEncoding_isWarnedAbout() throws IOException {
        try (Child server = Child.start(variables("LC_ALL=C"), withoutLauncher("serve"))) {
            assertThat(server.awaitErr("file names")).contains("WARN").endsWith("start it with LC_ALL=C.UTF-8");
        }
    }
}
