package dev.thrum.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.log.RequestRecord.Head;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

final class LogFormatTest {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final Head HEAD =
            new Head("GET", "/a", "b=c", true, "http://example.org/", "curl/8 (x; \"y\")", false, null);

    private static String line(LogFormat format, RequestRecord record) {
        LineBuffer buffer = new LineBuffer();
        format.writer(ZoneId.of("America/New_York")).add(record, buffer);
        return text(buffer);
    }

    private static String text(LineBuffer buffer) {
        return StandardCharsets.ISO_8859_1.decode(buffer.content()).toString();
    }

    private static String hostile(LogFormat format, String text) {
        return line(format, Records.of("i", new Head("GET", "/" + text, text, true, text, text, true, text)));
    }

    static List<String> hostile() {
        return List.of(
                "\n",
                "\r\n127.0.0.1 - - [forged]",
                "\"",
                "\\",
                "\\\"",
                "\u001b[2J",
                "\0",
                "\u007f",
                "\u0080\u00ff",
                "\u2028\u2029",
                "\ud83d\ude00",
                "\ud800",
                "\ude00",
                "\ud800x",
                "\u0001\u001f",
                "}{\"dropped\":1}");
    }

    @Test
    void common_ofARequest_isTheCombinedFormat_withTheIdInTheSecondField() {
        assertThat(line(LogFormat.COMMON, Records.of("k3-17-2", HEAD)))
                .isEqualTo("192.0.2.7 k3-17-2 - [20/Nov/2026:03:20:00 -0500] \"GET /a?b=c HTTP/1.1\" 200 13"
                        + " \"http://example.org/\" \"curl/8 (x; \\x22y\\x22)\"\n");
    }

    @Test
    void common_ofAMalformedRequest_hasDashes() {
        RequestRecord record =
                new RequestRecord(Records.TIME, "k", InetAddress.ofLiteral("2001:db8::1"), null, 400, 0, 5);
        assertThat(line(LogFormat.COMMON, record))
                .isEqualTo("2001:db8::1 k - [20/Nov/2026:03:20:00 -0500] \"-\" 400 0 \"-\" \"-\"\n");
    }

    @Test
    void json_ofARequest_hasEveryField() {
        assertThat(line(LogFormat.JSON, Records.of("k3-17-2", HEAD)))
                .isEqualTo("{\"time\":\"2026-11-20T08:20:00.007Z\",\"id\":\"k3-17-2\",\"client\":\"192.0.2.7\","
                        + "\"method\":\"GET\",\"target\":\"/a?b=c\",\"version\":\"1.1\","
                        + "\"referer\":\"http://example.org/\",\"agent\":\"curl/8 (x; \\\"y\\\")\","
                        + "\"status\":200,\"bytes\":13,\"micros\":1234,\"scheme\":\"http\"}\n");
    }

    @Test
    void json_ofAnEncryptedRequest_hasSchemeAndVersionOfTls() {
        Head direct = new Head("GET", "/", null, true, null, null, true, "TLSv1.3");
        Head throughAProxy = new Head("GET", "/", null, true, null, null, true, null);
        assertThat(line(LogFormat.JSON, Records.of("i", direct)))
                .endsWith(",\"micros\":1234,\"scheme\":\"https\",\"tls\":\"TLSv1.3\"}\n");
        assertThat(line(LogFormat.JSON, Records.of("i", throughAProxy)))
                .endsWith(",\"micros\":1234,\"scheme\":\"https\"}\n");
    }

    @Test
    void common_ofAnEncryptedRequest_isLikeAnyOther() {
        Head head = new Head("GET", "/", null, true, null, null, true, "TLSv1.3");
        assertThat(line(LogFormat.COMMON, Records.of("i", head)))
                .isEqualTo("192.0.2.7 i - [20/Nov/2026:03:20:00 -0500] \"GET / HTTP/1.1\" 200 13 \"-\" \"-\"\n");
    }

    @Test
    void json_ofAMalformedRequest_omitsFields() {
        RequestRecord record = new RequestRecord(Records.TIME, "k", InetAddress.ofLiteral("::1"), null, 408, 7, 0);
        assertThat(line(LogFormat.JSON, record))
                .isEqualTo("{\"time\":\"2026-11-20T08:20:00.007Z\",\"id\":\"k\",\"client\":\"::1\","
                        + "\"status\":408,\"bytes\":7,\"micros\":0}\n");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void common_ofHostileText_isOneLineOfPrintableAscii(String text) {
        String line = hostile(LogFormat.COMMON, text);
        assertThat(line).matches("[ -~]*\n");
        assertThat(line.chars().filter(c -> c == '"')).as("quotes in %s", line).hasSize(6);
    }

    @Test
    void common_ofUnprintableText_escapesEachByte() {
        assertThat(hostile(LogFormat.COMMON, "\n\u00ff\\\u2028")).contains("\"GET /\\x0a\\xff\\x5c\\xe2\\x80\\xa8?");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void json_ofHostileText_isOneLine_andAJsonParserReadsTheSameText(String text) {
        String line = hostile(LogFormat.JSON, text);
        assertThat(line).matches("[ -~]*\n");
        JsonNode read = MAPPER.readTree(line);
        boolean loneSurrogate = text.contains("\ud800") || text.equals("\ude00");
        String kept = loneSurrogate ? text.replaceAll("[\ud800-\udfff]", "\ufffd") : text;
        assertThat(read.get("target").asString()).isEqualTo("/" + kept + "?" + kept);
        assertThat(read.get("agent").asString()).isEqualTo(kept);
        assertThat(read.get("status").asInt()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"COMMON", "JSON"})
    void longFields_areCut_andTheLongestLineFits(String format) {
        String text = "\u00ff".repeat(1 << 20);
        String line = line(
                LogFormat.valueOf(format), Records.of("i", new Head(text, text, text, false, text, text, false, null)));
        assertThat(line).hasSizeLessThan(48 * 1024).contains("...").endsWith("\n");
    }

    @Test
    void manyOfTheLongestLines_fit() {
        String text = "\u00ff".repeat(1 << 16);
        LineBuffer buffer = new LineBuffer();
        LineWriter lines = LogFormat.JSON.writer(ZoneId.of("UTC"));
        RequestRecord record = Records.of("i", new Head(text, text, text, false, text, text, false, null));
        lines.add(record, buffer);
        int one = buffer.size();
        for (int i = 1; i < 20; i++) {
            lines.add(record, buffer);
        }
        assertThat(buffer.size()).isEqualTo(20 * one);
    }

    @Test
    void gaps_areWritten_inBothFormats() {
        LineBuffer buffer = new LineBuffer();
        LogSink.Gap gap = new LogSink.Gap(Records.TIME, 12);
        LogFormat.COMMON.writer(ZoneId.of("UTC")).add(gap, buffer);
        LogFormat.JSON.writer(ZoneId.of("UTC")).add(gap, buffer);
        assertThat(text(buffer).lines())
                .containsExactly(
                        "# [20/Nov/2026:08:20:00 +0000] dropped 12 records",
                        "{\"time\":\"2026-11-20T08:20:00.007Z\",\"dropped\":12}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1969-12-31T23:59:59.999Z",
                "2024-02-29T12:34:56.000Z",
                "2026-11-01T05:59:59.500Z",
                "2026-11-01T06:00:00.000Z",
                "9999-12-31T23:59:59.999Z"
            })
    void times_areFormattedAsByJavaTime(String time) {
        long millis = Instant.parse(time).toEpochMilli();
        LineBuffer buffer = new LineBuffer();
        LineTime times = new LineTime(ZoneId.of("America/New_York"));
        times.utc(millis, buffer);
        assertThat(text(buffer)).isEqualTo(time);
        buffer.clear();
        times.local(millis, buffer);
        assertThat(text(buffer))
                .isEqualTo(java.time.format.DateTimeFormatter.ofPattern(
                                "dd/MMM/yyyy:HH:mm:ss xx", java.util.Locale.ENGLISH)
                        .format(Instant.parse(time).atZone(ZoneId.of("America/New_York"))));
    }
}
