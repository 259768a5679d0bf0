package dev.thrum.crawl.mine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Printable;
import dev.thrum.http.client.url.Url;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class MinedFormatTest {
    private static final Url FINAL = Url.parse("http://user:secret@example.org/b");

    private static Mined values(String... values) {
        return new Mined.Values("http://example.org/a", FINAL, 200, List.of(values));
    }

    private static String csv(String value) {
        String line = MinedFormat.CSV.lines(values(value));
        String head = "http://example.org/a,http://example.org/b,200,";
        assertThat(line).startsWith(head).endsWith(",\r\n");
        return line.substring(head.length(), line.length() - 3);
    }

    @Test
    void json_always_hasALineForEachValue() {
        assertThat(MinedFormat.JSON.header()).isEmpty();
        assertThat(MinedFormat.JSON.lines(values("a", "b"))).isEqualTo("""
                {"url":"http://example.org/a","final":"http://example.org/b","status":200,"value":"a"}
                {"url":"http://example.org/a","final":"http://example.org/b","status":200,"value":"b"}
                """);
        assertThat(MinedFormat.JSON.lines(values())).isEmpty();
    }

    @Test
    void json_ofAFailure_hasTheErrorAndWhatThereWas() {
        assertThat(MinedFormat.JSON.lines(new Mined.Failed("x", null, 0, "no \"x\"")))
                .isEqualTo("{\"url\":\"x\",\"error\":\"no \\\"x\\\"\"}\n");
        assertThat(MinedFormat.JSON.lines(new Mined.Failed("x", FINAL, 404, "gone")))
                .isEqualTo("{\"url\":\"x\",\"final\":\"http://example.org/b\",\"status\":404,\"error\":\"gone\"}\n");
    }

    @Test
    void json_always_escapesWhatATerminalWouldObey() {
        String line = MinedFormat.JSON.lines(
                values("\u001b[2J\u009b\u202e\u2028\u007f\u0000\n\r\t\"\\é\ud83d\ude00\ud800\udb40\udc41"));
        assertThat(line)
                .endsWith(
                        "\"value\":\"\\u001b[2J\\u009b\\u202e\\u2028\\u007f\\u0000\\n\\r\\t\\\"\\\\é\ud83d\ude00\\ud800"
                                + "\\udb40\\udc41\"}\n");
    }

    @Test
    void json_ofAnyText_isReadAsTheSame() {
        Random random = new Random(4711);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                text.appendCodePoint(random.nextInt(3) == 0 ? random.nextInt(0x110000) : random.nextInt(0x100));
            }
            String line = MinedFormat.JSON.lines(values(text.toString()));
            JsonNode object = JsonMapper.shared().readTree(line);
            assertThat(object.get("value").asString()).isEqualTo(text.toString());
            assertThat(line.strip().codePoints().allMatch(Printable::isSafe))
                    .as(line)
                    .isTrue();
        }
    }

    @Test
    void csv_always_hasAHeaderAndTheErrorLast() {
        assertThat(MinedFormat.CSV.header()).isEqualTo("url,final,status,value,error\r\n");
        assertThat(MinedFormat.CSV.lines(new Mined.Failed("x,y", null, 0, "no \"x\"")))
                .isEqualTo("\"x,y\",,,,\"no \"\"x\"\"\"\r\n");
        assertThat(MinedFormat.CSV.lines(new Mined.Failed("x", FINAL, 404, "gone")))
                .isEqualTo("x,http://example.org/b,404,,gone\r\n");
        assertThat(MinedFormat.CSV.lines(values())).isEmpty();
    }

    @Test
    void csv_always_isQuoted() {
        assertThat(csv("a")).isEqualTo("a");
        assertThat(csv("a b")).isEqualTo("a b");
        assertThat(csv("a,b")).isEqualTo("\"a,b\"");
        assertThat(csv("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(csv("a\nb\r\nc\rd")).isEqualTo("\"a\r\nb\r\nc\r\nd\"");
    }

    @Test
    void csv_ofAFormula_isDefused() {
        assertThat(csv("=1+2")).isEqualTo("'=1+2");
        assertThat(csv("+1")).isEqualTo("'+1");
        assertThat(csv("-1")).isEqualTo("'-1");
        assertThat(csv("@x")).isEqualTo("'@x");
        assertThat(csv(" =1")).isEqualTo("' =1");
        assertThat(csv("\t=1")).isEqualTo("'\t=1");
        assertThat(csv("\n=1")).isEqualTo("\"'\r\n=1\"");
        assertThat(csv("a=1")).isEqualTo("a=1");
        assertThat(csv("\"=1")).isEqualTo("\"\"\"=1\"");
    }

    @Test
    void csv_always_replacesWhatATerminalWouldObey() {
        assertThat(csv("\u001b[2Ja\u009b\u202eb")).isEqualTo("\ufffd[2Ja\ufffd\ufffdb");
        assertThat(csv("\u200cمی\u200dx")).isEqualTo("\u200cمی\u200dx");
        assertThat(csv("\ud800")).isEqualTo("\ufffd");
    }
}
