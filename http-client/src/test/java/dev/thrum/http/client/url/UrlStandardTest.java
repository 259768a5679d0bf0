package dev.thrum.http.client.url;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rows of the standard's own table (urltestdata.json) that are about http and https. There is no exception: each gives
 * what the table says.
 */
class UrlStandardTest {
    /** A row: a text, the URL it is on if there is one, and the parts that are expected if it is valid. */
    record Row(String input, @Nullable String base, JsonNode expected) {
        static Row of(JsonNode node) {
            JsonNode base = node.path("base");
            return new Row(node.path("input").asString(), base.isString() ? base.asString() : null, node);
        }

        boolean isFailure() {
            return expected.path("failure").asBoolean(false);
        }

        boolean isForUs() {
            return isFailure()
                    ? isHttp(input) || (base != null && isHttp(base))
                    : List.of("http:", "https:").contains(part("protocol"));
        }

        String part(String name) {
            return expected.path(name).asString("");
        }

        Url parse() {
            return base == null ? Url.parse(input) : Url.parse(base).resolve(input);
        }

        @Override
        public String toString() {
            return Printable.of(input) + (base == null ? "" : " on " + base);
        }

        private static boolean isHttp(String text) {
            String lower = text.toLowerCase(Locale.ROOT);
            return lower.startsWith("http:") || lower.startsWith("https:");
        }
    }

    private static Stream<Row> rows() throws IOException {
        try (InputStream table = requireNonNull(UrlStandardTest.class.getResourceAsStream("urltestdata.json"))) {
            JsonNode nodes = JsonMapper.shared().readTree(new String(table.readAllBytes(), UTF_8));
            return nodes.valueStream().filter(JsonNode::isObject).map(Row::of).filter(Row::isForUs);
        }
    }

    private static Stream<Row> valid() throws IOException {
        return rows().filter(row -> !row.isFailure());
    }

    private static Stream<Row> failures() throws IOException {
        return rows().filter(Row::isFailure);
    }

    @Test
    void table_hasTheRowsThatAreMeant() throws IOException {
        assertThat(valid()).hasSize(229);
        assertThat(failures()).hasSize(204);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void everyPart_isTheTables(Row row) {
        Url url = row.parse();

        assertThat(url.href()).isEqualTo(row.part("href"));
        assertThat(url.scheme() + ":").isEqualTo(row.part("protocol"));
        assertThat(url.username()).isEqualTo(row.part("username"));
        assertThat(url.password()).isEqualTo(row.part("password"));
        assertThat(url.hostAndPort()).isEqualTo(row.part("host"));
        assertThat(url.host()).isEqualTo(row.part("hostname"));
        assertThat(url.port())
                .isEqualTo(
                        row.part("port").isEmpty()
                                ? url.isHttps() ? 443 : 80
                                : row.expected.path("port").asInt());
        assertThat(url.path()).isEqualTo(row.part("pathname"));
        assertThat(url.query()
                        .filter(query -> !query.isEmpty())
                        .map(query -> "?" + query)
                        .orElse(""))
                .isEqualTo(row.part("search"));
        assertThat(url.fragment()
                        .filter(fragment -> !fragment.isEmpty())
                        .map(fragment -> "#" + fragment)
                        .orElse(""))
                .isEqualTo(row.part("hash"));
        if (row.expected.has("origin")) {
            assertThat(url.origin()).isEqualTo(row.part("origin"));
        }
    }

    @ParameterizedTest
    @MethodSource("valid")
    void href_standsForItself(Row row) {
        Url url = row.parse();

        assertThat(Url.parse(url.href())).isEqualTo(url);
        assertThat(url.resolve(url.href())).isEqualTo(url);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failure_isRefused_andSaysWhatWasExpected(Row row) {
        assertThatThrownBy(row::parse).isInstanceOf(UrlException.class).hasMessageStartingWith("expected ");
    }
}
