package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
    private static final Headers SOME = Headers.builder()
            .add("Vary", "a")
            .add("X", "1")
            .add("vary", "b, ,c")
            .build();

    @Test
    void fields_areFound_whateverTheCaseOfTheirNames() {
        assertThat(SOME.first("VARY")).hasValue("a");
        assertThat(SOME.all("Vary")).containsExactly("a", "b, ,c");
        assertThat(SOME.elements("vary")).containsExactly("a", "b", "c");
        assertThat(SOME.first("Var")).isEmpty();
        assertThat(SOME.contains("x")).isTrue();
        assertThat(SOME.hasElement("Vary", "C")).isTrue();
        assertThat(SOME.hasElement("Vary", "b,")).isFalse();
        assertThat(SOME.hasElement("Vary", "")).isFalse();
    }

    @Test
    void with_replacesAllFieldsOfTheName() {
        assertThat(SOME.with("VARY", "d")).containsExactly(new Headers.Field("X", "1"), new Headers.Field("VARY", "d"));
    }

    @Test
    void and_addsFields() {
        assertThat(SOME.and("Vary", "d").all("vary")).containsExactly("a", "b, ,c", "d");
        assertThat(SOME.and(Headers.of("X", "2")).all("X")).containsExactly("1", "2");
        assertThat(SOME.and(Headers.none())).isEqualTo(SOME);
    }

    @Test
    void without_removesAllFieldsOfTheName() {
        assertThat(SOME.without("vary")).containsExactly(new Headers.Field("X", "1"));
        assertThat(SOME.without("y")).isEqualTo(SOME);
    }

    @Test
    void builtHeaders_stayTheSame_whenTheirBuilderIsUsedAgain() {
        Headers.Builder builder = Headers.builder().add("A", "1");
        Headers first = builder.build();
        for (int i = 0; i < 50; i++) {
            builder.add("B", "2");
        }
        assertThat(first).containsExactly(new Headers.Field("A", "1"));
        assertThat(builder.build().size()).isEqualTo(51);
    }

    @Test
    void whitespaceAroundAValue_isRemoved() {
        assertThat(Headers.of("A", " \t b c\t ").first("a")).hasValue("b c");
        assertThat(Headers.of("A", "").first("a")).hasValue("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nX: y",
                "a\nb",
                "a\rb",
                "\r\n",
                "a\0",
                "a\u007f",
                "a\u000bb",
                "\u20ac",
                "a\u010ab",
                "\ud83d\ude00"
            })
    void value_isRefused_whenItCouldEndTheField(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Headers.of("X", value))
                .withMessageStartingWith("expected a value of X ")
                .withMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:", "a\r\n", "\u00e9", "a\0", "(a)", "a/b", "\u212a"})
    void name_isRefused_whenItIsNotAToken(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Headers.of(name, "y"))
                .withMessageStartingWith("expected a field name ");
    }

    @Test
    void bytesAbove127_areKept() {
        assertThat(Headers.of("X", "\u00e9\u00ff\tz").first("x")).hasValue("\u00e9\u00ff\tz");
    }

    @Test
    void headers_whenNamesDifferInCaseOnly_areEqual() {
        Headers one = Headers.of("Content-Type", "a/b").and("X", "y");

        assertThat(one)
                .isEqualTo(Headers.of("content-type", "a/b").and("x", "y"))
                .hasSameHashCodeAs(Headers.of("content-type", "a/b").and("x", "y"))
                .isNotEqualTo(Headers.of("Content-Type", "A/b").and("X", "y"))
                .isNotEqualTo(Headers.of("X", "y").and("Content-Type", "a/b"));
    }
}
