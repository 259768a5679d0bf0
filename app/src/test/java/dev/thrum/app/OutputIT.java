package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A standard output that can't be written, and the manuals of the distribution. */
@Timeout(120)
final class OutputIT {
    private static Child shell(String script) throws IOException {
        return Child.start(
                Map.of(),
                List.of("bash", "-c", script, Child.dist().resolve("thrum").toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "serve --help-all", "help", "version", "users list -V"})
    void output_toAFullDevice_failsWithOneLine(String arguments) throws IOException {
        Needs.need(Files.exists(Path.of("/dev/full")), "needs the device /dev/full");
        try (Child thrum = shell("exec \"$0\" " + arguments + " >/dev/full")) {
            assertThat(thrum.awaitExit()).isEqualTo(1);
            assertThat(thrum.err())
                    .containsExactly(
                            "thrum: expected to write all output to the standard output but it failed: No space left"
                                    + " on device; free some space there, or send it elsewhere");
        }
    }

    @Test
    void output_whenItsReaderHasGone_endsSilently_likeASignal() throws IOException {
        try (Child thrum = shell("\"$0\" serve --help-all | true; exit \"${PIPESTATUS[0]}\"")) {
            assertThat(thrum.awaitExit()).isEqualTo(141);
            assertThat(thrum.err()).isEmpty();
        }
    }

    @Test
    void wrongUsage_whenTheOutputIsFull_keepsItsStatus() throws IOException {
        try (Child thrum = shell("exec \"$0\" nonsense >/dev/full")) {
            assertThat(thrum.awaitExit()).isEqualTo(2);
            assertThat(thrum.err()).hasSize(1);
        }
    }

    @Test
    void distribution_hasCompletions_andManPagesWithItsVersion() throws IOException {
        Path share = Child.dist().resolve("share");
        try (Child thrum = Child.thrum("version")) {
            assertThat(thrum.awaitExit()).isZero();
            String version = thrum.out().getFirst().replace("-", "\\-");
            assertThat(share.resolve("man/man1/thrum.1"))
                    .content()
                    .contains(version)
                    .doesNotContain("not packaged");
        }
        assertThat(share.resolve("man/man1/thrum-users-add.1")).isNotEmptyFile();
        assertThat(share.resolve("bash-completion/completions/thrum")).isNotEmptyFile();
        assertThat(share.resolve("zsh/site-functions/_thrum")).isNotEmptyFile();
    }
}
