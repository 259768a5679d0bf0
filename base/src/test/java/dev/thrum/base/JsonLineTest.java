package dev.thrum.base;

import static org.assertj.core.api.Assertions.assertThat;

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
}
