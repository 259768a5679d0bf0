package dev.thrum.http.client.url;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thrum.testkit.scripted.Mutations;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fuzzed URLs and links; see ParserFuzzTest of http-server. */
class UrlFuzzTest {
    private static final Url BASE = Url.parse("http://user:pw@example.org:81/a/b?q#f");

    private static final List<String> SEEDS = List.of(
            "http://user:pass@example.org:8080/a/b/../c?q=1#f",
            "HTTPS:\\\\EXAMPLE.org\\a\\.\\b",
            "http://[2001:db8::1.2.3.4]:80/",
            "http://0x7f.1/",
            "//%65xample.org:/%2e%2E/x",
            "http://b\u00c3\u00bccher.xn--bcher-kva/",
            "../../g;x=1?y#s",
            "\u00e3\u0080\u0082xn--a\u00d7\u0090");

    @FuzzTest(maxDuration = "1m")
    void urls(byte[] bytes) {
        requireFixedPoint(bytes);
    }

    @Test
    void urls_areFixedPointsOrRefused_whateverTheTextIs() {
        Mutations.tryAll(SEEDS, Mutations.count(6_000, 300_000), UrlFuzzTest::requireFixedPoint);
    }

    /** A text as a URL, and as a link: what comes of it stands for itself, in ASCII, with nothing that a head can't have. */
    private static void requireFixedPoint(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        try {
            Url url = BASE.resolve(text);
            assertThat(Url.parse(url.href())).isEqualTo(url);
            assertThat(url.resolve(url.href())).isEqualTo(url);
            assertThat(BASE.resolve(url.href())).isEqualTo(url);
            assertThat(url.resolve("")).isEqualTo(url.withoutFragment());
            assertThat(url.href()).matches("https?://[!-~]+");
            assertThat(url.requestTarget()).matches("/[!-~&&[^#]]*");
            assertThat(url.port()).isBetween(0, 65_535);
            assertThat(url.host()).isNotEmpty().matches("\\[[0-9a-f:]+]|[!-~&&[^A-Z#%/:<>?@\\[\\\\\\]^|]]+");
            assertThat(url.address().isPresent()).isEqualTo(url.host().matches("\\[.*]|\\d+\\.\\d+\\.\\d+\\.\\d+"));
        } catch (UrlException e) {
            assertThat(e.getMessage()).startsWith("expected ").hasSizeLessThan(400);
        }
    }
}
