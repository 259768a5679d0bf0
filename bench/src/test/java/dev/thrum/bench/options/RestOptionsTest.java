package dev.thrum.bench.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RestOptionsTest {
    @TempDir
    private Path folder;

    @Test
    void options_canBeCombined() {
        RestOptions options = RestOptions.of(List.of("--rounds", "3", "--window", "0.5", "--only", "wake,memory"));

        assertThat(options)
                .isEqualTo(new RestOptions(
                        Optional.empty(), 3, Duration.ofMillis(500), List.of(RestRow.MEMORY, RestRow.WAKE)));
    }

    @Test
    void everything_isMeasured_ifThereIsABaseline() throws IOException {
        Path launcher = Files.createFile(folder.resolve("thrum"));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Files.createFile(Files.createDirectories(folder.resolve("lib/app")).resolve("thrum.jar"));

        RestOptions options = RestOptions.of(List.of("--baseline", folder.toString()));

        assertThat(options.baseline()).contains(folder);
        assertThat(options.rows()).containsExactly(RestRow.values());
    }

    @Test
    void rowsThatNeedABaseline_areLeftOutWithoutOne() {
        assertThat(RestOptions.of(List.of()).rows())
                .containsExactly(RestRow.MEMORY, RestRow.SERVED, RestRow.BUSY200, RestRow.WAKE);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            --rounds, 0,     expected a whole number from 1 to 1000 after --rounds but was '0'
            --only,   sleep, "expected memory, served, busy16, busy200, paced or wake after --only but was 'sleep'"
            --only,   paced, "expected --baseline with busy16 and paced, which compare with an earlier package, but there was none"
            --faster, 1,     "expected --only, --rounds, --window or --baseline but was --faster"
            """)
    void option_thatIsWrong_isRefused(String name, String value, String message) {
        assertThatThrownBy(() -> RestOptions.of(List.of(name, value)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
