package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which variables are unknown, and the warnings about them. */
final class VariablesTest {
    private static final String UNSET = "unset it, or name it after a flag (see thrum help)";

    private static List<String> warnings(Map<String, String> variables) {
        return Ran.of(variables, "users", "list", "--data", "none")
                .err()
                .lines()
                .filter(line -> line.startsWith("thrum: warning: "))
                .map(line -> line.replace("thrum: warning: unknown variable ", ""))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "THRUM_CONSOL| did you mean THRUM_CONSOLE?",
                "THRUM_MAX_CONECTIONS| did you mean THRUM_MAX_CONNECTIONS?",
                "THRUM_CONFG| did you mean THRUM_CONFIG?",
                "THRUM_LMIT| did you mean THRUM_LIMIT?",
                "THRUM_NONSENSE| " + UNSET,
                "THRUM_| " + UNSET,
                "THRUM_console| did you mean THRUM_CONSOLE?",
                "THRUM_HELP| " + UNSET,
                "THRUM_WEB_PORT| " + UNSET,
            })
    void unknownVariable_isNamed_withASimilarName(String variable, String remedy) {
        assertThat(warnings(Map.of(variable, "1"))).containsExactly(variable + " has no effect; " + remedy);
    }

    @Test
    void unknownVariables_areSorted_withoutTheirValues_andTheCommandRuns() {
        Map<String, String> variables = new HashMap<>();
        variables.put("THRUM_ZZZZ", "secret");
        variables.put("THRUM_AAAA\n", "secret");
        Ran ran = Ran.of(variables, "users", "list", "--data", "none");
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err().lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("thrum: warning: unknown variable THRUM_AAAA\\n has no effect; ");
        assertThat(ran.err()).contains("THRUM_ZZZZ", "expected a database").doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "THRUM_CONSOLE=1",
                "THRUM_SEND=a",
                "THRUM_HIDDEN=true",
                "THRUM_LOG=db",
                "THRUM_IDLE_WHEN_CROWDED=1s",
                "THRUM_PORT=tcp://10.96.0.17:8000",
                "THRUM_SERVICE_HOST=10.96.0.17",
                "THRUM_SERVICE_PORT=8000",
                "THRUM_SERVICE_PORT_HTTP=8000",
                "THRUM_PORT_8000_TCP=tcp://10.96.0.17:8000",
                "THRUM_PORT_8000_TCP_PROTO=tcp",
                "THRUM_PORT_9000_UDP_PORT=9000",
                "THRUM_PORT_8000_TCP_ADDR=10.96.0.17",
                "THRUM_ADMIN_SERVICE_HOST=10.96.0.17",
                "THRUM_ADMIN_PORT=tcp://10.96.0.17:9090",
                "THRUMX=1",
                "thrum_console=1",
            })
    void variable_ofAnotherCommand_ofKubernetes_orOfOthers_isNotUnknown(String variable) {
        String[] parts = variable.split("=", 2);
        assertThat(warnings(Map.of(parts[0], parts[1]))).isEmpty();
    }

    @Test
    void variable_ofTheLauncher_isNotUnknown() throws IOException {
        String launcher = Files.readString(Path.of(System.getProperty("thrum.root"), "thrum"));
        Set<String> names = new LinkedHashSet<>(Pattern.compile("THRUM_\\w+")
                .matcher(launcher)
                .results()
                .map(MatchResult::group)
                .toList());
        assertThat(names)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(warnings(Map.of(name, "x"))).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "help", "serve --help", "version", "--version", "users list -V"})
    void unknownVariable_isIgnored_whenOnlyHelpIsShown(String arguments) {
        assertThat(Ran.of(Map.of("THRUM_NONSENSE", "1"), arguments.split(" ")).err())
                .isEmpty();
    }
}
