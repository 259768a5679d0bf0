package dev.thrum.bench.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BaselineOptionsTest {
    @TempDir
    private Path folder;

    @Test
    void options_canBeCombined() throws IOException {
        BaselineOptions options = BaselineOptions.of(
                Protocol.HTTP,
                List.of("--baseline", earlierPackage(), "--rounds", "3", "--window", "0.5", "--only", "virtual"));

        assertThat(options.baseline()).contains(folder);
        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.window()).isEqualTo(Duration.ofMillis(500));
        assertThat(options.engines()).containsExactly("virtual");
        assertThat(options.loads())
                .containsExactly(
                        new Load(Exchange.TIME, 64),
                        new Load(Exchange.TIME, 1_024),
                        new Load(Exchange.ECHO, 64),
                        new Load(Exchange.ECHO, 1_024));
    }

    @Test
    void lines_areThoseOfConsoleAndEcho() throws IOException {
        BaselineOptions options =
                BaselineOptions.of(Protocol.LINES, List.of("--baseline", earlierPackage(), "--connections", "8"));

        assertThat(options.loads())
                .containsExactly(new Load(Exchange.CONSOLE_LINE, 8), new Load(Exchange.ECHO_LINE, 8));
    }

    @Test
    void folder_thatIsNotAPackage_isRefused() {
        List<String> arguments = List.of("--baseline", folder.toString());

        assertThatThrownBy(() -> BaselineOptions.of(Protocol.LINES, arguments))
                .isInstanceOf(UsageException.class)
                .hasMessage("expected a folder made by ./thrum package after --baseline but was '" + folder
                        + "': run ./thrum package DIR in a checkout of the earlier commit");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            --only,     netty, "expected events-epoll, events-io_uring, events-nio, virtual or threads after --only but was 'netty'"
            --requests, json,  "expected --baseline, --rounds, --window, --only or --connections but was --requests"
            """)
    void option_thatIsWrong_isRefused(String name, String value, String message) {
        assertThatThrownBy(() -> BaselineOptions.of(Protocol.LINES, List.of(name, value)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lib", "lib/app"})
    void jar_ofTheProgram_isInEitherFolder(String place) throws IOException {
        assertThat(BaselineOptions.folder(earlierPackage(place))).isEqualTo(folder);
    }

    private String earlierPackage() throws IOException {
        return earlierPackage("lib/app");
    }

    private String earlierPackage(String place) throws IOException {
        Path launcher = Files.createFile(folder.resolve("thrum"));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Files.createFile(Files.createDirectories(folder.resolve(place)).resolve("thrum.jar"));
        return folder.toString();
    }
}
