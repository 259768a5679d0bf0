package dev.thrum.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UserRulesTest {
    private static final String NAME = "Ann";
    private static final String EMAIL = "ann@example.org";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann@example.org",
                "a@b",
                "ann.o'neill+news@mail-1.example.co.uk",
                "\u7528\u6237@\u4f8b\u5b50.\u4e2d\u56fd",
                "\u0930\u093e\u092e@\u0939\u093f\u0928\u094d\u0926\u0940.\u092d\u093e\u0930\u0924",
                "x@1.2",
                "\ud83d\ude00@example.org",
            })
    void address_whenValid_isAccepted(String email) {
        assertThat(UserRules.problem(NAME, email)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ann",
                "@example.org",
                "ann@",
                "ann@@example.org",
                "ann@b@example.org",
                "ann@.org",
                "ann@example.",
                "ann@example..org",
                "ann@-example.org",
                "ann@example-.org",
                "ann@exam_ple.org",
                "ann@exam ple.org",
                "ann@[127.0.0.1]",
                "an n@example.org",
                " ann@example.org",
                "ann@example.org ",
                "ann\u00a0@example.org",
                "ann\u200b@example.org",
                "ann\n@example.org",
                "ann@example.org\n",
                "ann\u0000@example.org",
                "ann\u0085@example.org",
                "ann\ud83d@example.org",
                "ann@\u0301x.org",
                "ann@example\u200b.org",
            })
    void address_whenInvalid_isRefused(String email) {
        assertThat(UserRules.problem(NAME, email))
                .contains(new UserRules.Problem("email", "Expected \"email\" to be an e-mail address"));
    }

    @Test
    void address_whenTooLong_isRefused() {
        String domain = ("a".repeat(47) + ".").repeat(3) + "a".repeat(45);
        assertThat(UserRules.problem(NAME, "a".repeat(64) + "@" + domain)).isEmpty();
        assertThat(("a".repeat(64) + "@" + domain)).hasSize(254);
        assertThat(UserRules.problem(NAME, "a".repeat(64) + "@" + domain + "a")).isPresent();
        assertThat(UserRules.problem(NAME, "a".repeat(65) + "@example.org")).isPresent();
        assertThat(UserRules.problem(NAME, "a@" + "a".repeat(63))).isEmpty();
        assertThat(UserRules.problem(NAME, "a@" + "a".repeat(64))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "Ann O'Neill-M\u00fcller",
                "\u674e\u5c0f\u9f99",
                "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
                "\ud83d\udc69\u200d\ud83d\udcbb"
            })
    void name_whenValid_isAccepted(String name) {
        assertThat(UserRules.problem(name, EMAIL)).isEmpty();
    }

    @Test
    void name_whenBlank_isRefused() {
        for (String name : new String[] {"", "  ", "\t", "\u00a0", "\u2003\u3000"}) {
            assertThat(UserRules.problem(name, EMAIL))
                    .contains(new UserRules.Problem("name", "Expected \"name\" not to be blank"));
        }
    }

    @Test
    void name_whenTooLong_isRefused() {
        assertThat(UserRules.problem("\ud83d\ude00".repeat(200), EMAIL)).isEmpty();
        assertThat(UserRules.problem("a".repeat(201), EMAIL))
                .contains(new UserRules.Problem("name", "Expected \"name\" to have at most 200 characters"));
    }

    @Test
    void name_whenNotASingleLineOfText_isRefused() {
        for (String name : new String[] {"a\nb", "a\u0000", "a\u007f", "a\u0085", "a\u2028b", "a\ud83d", "\ude00a"}) {
            assertThat(UserRules.problem(name, EMAIL))
                    .contains(new UserRules.Problem("name", "Expected \"name\" to be one line of text"));
        }
    }

    @Test
    void problem_whenBothAreWrong_isThatOfTheName() {
        assertThat(UserRules.problem("", "")).map(UserRules.Problem::field).contains("name");
    }
}
