package dev.thrum.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which name is suggested for a misspelt one. */
final class SuggestionTest {
    private static final List<String> NAMES =
            List.of("serve", "users", "talk", "backup", "--console", "--read-deadline", "--write-deadline");

    @ParameterizedTest
    @CsvSource({
        "server, serve",
        "sreve, serve",
        "user, users",
        "tlak, talk",
        "back, backup",
        "--conslo, --console",
        "-console, --console",
        "--read-dead, --read-deadline",
        "--writedeadline, --write-deadline",
    })
    void name_withFewMistakes_isSuggested(String given, String expected) {
        assertThat(Suggestion.closest(given, NAMES)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "", "-", "--", "ta", "x", "constant", "deadline", "\u00fc\u00fc\u00fc\u00fc"})
    void name_unlikeAllOthers_hasNoSuggestion(String given) {
        assertThat(Suggestion.closest(given, NAMES)).isEmpty();
    }

    @Test
    void closerOfTwoNames_isSuggested() {
        assertThat(Suggestion.closest("retore", List.of("report", "restore"))).contains("restore");
        assertThat(Suggestion.closest("serve", List.of())).isEqualTo(Optional.empty());
    }
}
