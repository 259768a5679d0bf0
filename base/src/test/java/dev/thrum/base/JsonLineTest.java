package dev.thrum.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class JsonLineTest {
    @Test
    void members_areInTheOrderOfTheCalls() {
        assertThat(new JsonLine()
                        .with("name", "a")
                        .with("size", 5)
                        .with("isWhole", true)
                        .with("sum", null)
                        .toString())
                .isEqualTo("{\"name\":\"a\",\"size\":5,\"isWhole\":true,\"sum\":null}");
        assertThat(new JsonLine()).hasToString("{}");
    }

    @Test
    void textThatControlsATerminal_isEscaped() {
        assertThat(new JsonLine().with("name", "\u001b[2J\u009b\u202e\n\u2028\"\\\ud800x😀"))
                .hasToString("{\"name\":\"\\u001b[2J\\u009b\\u202e\\n\\u2028\\\"\\\\\\ud800x😀\"}");
    }

    @Test
    void list_isAnArrayOfTexts_alsoIfTheyAreLong() {
        List<String> texts = List.of("", "a\"b", "x".repeat(1_000), "\u0007".repeat(300));
        JsonNode read = JsonMapper.shared()
                .readTree(new JsonLine()
                        .withAll("all", texts)
                        .withAll("none", List.of())
                        .with("n", 1)
                        .toString());
        assertThat(read.get("all").valueStream().map(JsonNode::asString)).isEqualTo(texts);
        assertThat(read.get("none")).isEmpty();
        assertThat(read.get("n").asInt()).isEqualTo(1);
    }

    @Test
    void objects_areMembers_alsoIfTheyAreLong() {
        JsonLine inner = new JsonLine().with("text", "a\"b").withAll("all", List.of("x".repeat(1_000)));
        JsonNode read = JsonMapper.shared()
                .readTree(new JsonLine()
                        .withObject("one", inner)
                        .withObjects("many", List.of(new JsonLine(), inner))
                        .withObjects("none", List.of())
                        .with("n", 1)
                        .toString());
        assertThat(read.get("one")).isEqualTo(JsonMapper.shared().readTree(inner.toString()));
        assertThat(read.get("many").valueStream()).hasSize(2).contains(read.get("one"));
        assertThat(read.get("none")).isEmpty();
        assertThat(read.get("n").asInt()).isEqualTo(1);
    }

    @Test
    void number_isReadBackAsItWas_unlessJsonHasNone() {
        for (double number : new double[] {0, -0.5, 1.25, 1e-9, 1e300, Double.MIN_VALUE}) {
            JsonNode read = JsonMapper.shared()
                    .readTree(new JsonLine().with("score", number).toString());
            assertThat(read.get("score").asDouble()).isEqualTo(number);
        }
        assertThat(new JsonLine().with("a", Double.NaN).with("b", Double.NEGATIVE_INFINITY))
                .hasToString("{\"a\":null,\"b\":null}");
    }

    @Test
    void anyText_isReadBackAsItWas() {
        Random random = new Random(4711);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(10); length > 0; length--) {
                int c = random.nextInt(random.nextBoolean() ? 0x100 : 0x30000);
                text.appendCodePoint(Character.getType(c) == Character.SURROGATE ? '?' : c);
            }
            JsonNode read = JsonMapper.shared()
                    .readTree(new JsonLine().with("name", text.toString()).toString());
            assertThat(read.get("name").asString()).isEqualTo(text.toString());
        }
    }

    @Test
    void everyCharacter_isReadBackAsItWas_andIsOneLineOfUtf8() throws IOException {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            String text = "a" + Character.toString(point) + "b";
            JsonLine line = new JsonLine().with("name", text);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            line.writeTo(bytes);
            if (!bytes.toString(UTF_8).equals(line + "\n")) {
                throw new AssertionError("other bytes for " + Integer.toHexString(point));
            }
            if (point % 7 == 0 || point < 0x3000 || Character.getType(point) == Character.SURROGATE) {
                assertThat(JsonMapper.shared()
                                .readTree(bytes.toByteArray())
                                .get("name")
                                .asString())
                        .isEqualTo(text);
            }
        }
    }

    @Test
    void numbers_areThoseOfTheJdk() {
        for (long bit = 0; bit < Long.SIZE; bit++) {
            for (long near = -1; near <= 1; near++) {
                for (long value :
                        new long[] {(1L << bit) + near, -(1L << bit) + near, (long) Math.pow(10, (double) bit) + near
                        }) {
                    assertThat(new JsonLine().with("n", value)).hasToString("{\"n\":" + value + "}");
                }
            }
        }
    }

    @Test
    void memberWithoutText_isLeftOut_whenAsked() {
        assertThat(new JsonLine().withAny("a", null).withAny("b", "").with("c", 1))
                .hasToString("{\"b\":\"\",\"c\":1}");
        assertThat(new JsonLine().withAny("a", null)).hasToString("{}");
    }

    @Test
    void lineAfterACut_beginsWithWhatWasKept() throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        JsonLine line = new JsonLine();
        int empty = line.length();
        line.with("from", "x".repeat(1_000));
        int kept = line.length();
        for (int i = 0; i < 3; i++) {
            line.cut(kept);
            line.with("to", "y".repeat(i * 1_000)).writeTo(lines);
        }
        line.cut(empty);
        line.with("a", true).writeTo(lines);
        String from = "{\"from\":\"" + "x".repeat(1_000) + "\",\"to\":\"";
        assertThat(lines.toString(UTF_8).split("\n", -1))
                .containsExactly(
                        from + "\"}",
                        from + "y".repeat(1_000) + "\"}",
                        from + "y".repeat(2_000) + "\"}",
                        "{\"a\":true}",
                        "");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> line.cut(kept))
                .withMessage("expected a length from 1 to 9 but was " + kept);
    }

    /** Texts with escapes at each place of a buffer that grows. */
    @Test
    void longText_isWhole_whereverItNeedsEscapes() {
        for (int before = 0; before < 300; before++) {
            String text = "a".repeat(before) + "\u202e\ud83d\ude00\udbff\udfff\u0000".repeat(3);
            assertThat(JsonMapper.shared()
                            .readTree(new JsonLine()
                                    .with("name", text)
                                    .with("n", Long.MIN_VALUE)
                                    .toString())
                            .get("name")
                            .asString())
                    .isEqualTo(text);
        }
    }
}
