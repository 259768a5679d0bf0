package dev.thrum.http.client.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The states of the standard's parser for http and https, in its order: what each accepts, and where it fails. */
class UrlParserTest {
    private static final Url BASE = Url.parse("http://user:pw@example.org:81/a/b/c?q#f");

    private static String on(String link) {
        return BASE.resolve(link).href();
    }

    @ParameterizedTest
    @CsvSource({
        "'\u0000\u001f http://a/\u001f \u0000', http://a/",
        "'h\tt\nt\rp\n:\t/\r/a\n/b', http://a/b",
        "'http://a/\ud800', http://a/%EF%BF%BD",
        "'http://a/\udc00b?\udfff#\ud8ff', http://a/%EF%BF%BDb?%EF%BF%BD#%EF%BF%BD",
        "'http://a/\ud83d\ude00', http://a/%F0%9F%98%80",
    })
    void input_isCleanedFirst(String text, String href) {
        assertThat(Url.parse(text).href()).isEqualTo(href);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a/",
                "HTTP://a/",
                "hTtP://a",
                "http:a",
                "http:/a",
                "http:///a",
                "http:\\\\a",
                "http:\\/\\a\\"
            })
    void scheme_andSlashes_inAnyNumber_areRead(String text) {
        assertThat(Url.parse(text).href()).isEqualTo("http://a/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://a/",
                "file:///a",
                "javascript:alert(1)",
                "data:,x",
                "mailto:a@b",
                "h+t-t.p2:a",
                "ws://a",
                "a:"
            })
    void scheme_otherThanHttpAndHttps_isRefused(String text) {
        assertThatThrownBy(() -> Url.parse(text))
                .isInstanceOf(UrlException.class)
                .hasMessageStartingWith("expected the scheme http or https but was \"");
        assertThatThrownBy(() -> BASE.resolve(text)).isInstanceOf(UrlException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/a",
                "//a",
                "a/b",
                "?q",
                "#f",
                "1http://a",
                "+http://a",
                "ht tp://a",
                "ht_tp:a",
                "://a",
                "http",
                "\u00fchttp://a"
            })
    void scheme_thatIsMissing_isRefused_withoutABase(String text) {
        assertThatThrownBy(() -> Url.parse(text))
                .isInstanceOf(UrlException.class)
                .hasMessageStartingWith("expected a URL that begins with http:// or https:// but was \"");
    }

    @ParameterizedTest
    @CsvSource({
        "'', http://user:pw@example.org:81/a/b/c?q",
        "d, http://user:pw@example.org:81/a/b/d",
        "d/, http://user:pw@example.org:81/a/b/d/",
        "d?x, http://user:pw@example.org:81/a/b/d?x",
        "http:d, http://user:pw@example.org:81/a/b/d",
        "http:, http://user:pw@example.org:81/a/b/c?q",
        "http:/d, http://user:pw@example.org:81/d",
        "http:\\d, http://user:pw@example.org:81/d",
        "/d, http://user:pw@example.org:81/d",
        "'\\d', http://user:pw@example.org:81/d",
        "?x, http://user:pw@example.org:81/a/b/c?x",
        "?, http://user:pw@example.org:81/a/b/c?",
        "'#x', http://user:pw@example.org:81/a/b/c?q#x",
        "'#', http://user:pw@example.org:81/a/b/c?q#",
        "'?#', http://user:pw@example.org:81/a/b/c?#",
        ".., http://user:pw@example.org:81/a/",
        ".., http://user:pw@example.org:81/a/",
        "../.., http://user:pw@example.org:81/",
        "../../../.., http://user:pw@example.org:81/",
        "./d/./e/../f, http://user:pw@example.org:81/a/b/d/f",
        "//h, http://h/",
        "/\\h, http://h/",
        "'\\/h', http://h/",
        "'\\\\h', http://h/",
        "///h, http://h/",
        "http://h, http://h/",
        "https:h, https://h/",
        "https:/h, https://h/",
        "1:2, http://user:pw@example.org:81/a/b/1:2",
        "'<a b>', http://user:pw@example.org:81/a/b/%3Ca%20b%3E",
    })
    void link_isResolved(String link, String href) {
        assertThat(on(link)).isEqualTo(href);
    }

    @ParameterizedTest
    @CsvSource({
        "http://u@h/, u, ''",
        "http://u:@h/, u, ''",
        "http://:p@h/, '', p",
        "http://@h/, '', ''",
        "http://:@h/, '', ''",
        "http://u:p:q@h/, u, p%3Aq",
        "http://u@v@h/, u%40v, ''",
        "http://u:p@q@h/, u, p%40q",
        "'http://a b:c;=[^]|d@h/', a%20b, c%3B%3D%5B%5E%5D%7Cd",
        "http://%41:%zz@h/, %41, %zz",
        "http://\u00fc@h/, %C3%BC, ''",
    })
    void userInfo_isSplitAtTheLastAtSignAndTheFirstColon(String text, String username, String password) {
        Url url = Url.parse(text);

        assertThat(url.username()).isEqualTo(username);
        assertThat(url.password()).isEqualTo(password);
        assertThat(url.host()).isEqualTo("h");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://",
                "http:",
                "https:///",
                "http://?q",
                "http://#f",
                "http://u@",
                "http://u:p@/x",
                "http://@?",
                "http://:80/",
                "http://u@:80/",
                "http:///:"
            })
    void host_thatIsMissing_isRefused(String text) {
        assertThatThrownBy(() -> Url.parse(text))
                .isInstanceOf(UrlException.class)
                .hasMessageMatching("expected a host after https?:// but was \".*\"");
    }

    @ParameterizedTest
    @CsvSource({
        "http://h:/, 80, h",
        "https://h:/, 443, h",
        "http://h:80/, 80, h",
        "http://h:0080/, 80, h",
        "https://h:443/, 443, h",
        "https://h:80/, 80, h:80",
        "http://h:443/, 443, h:443",
        "http://h:0/, 0, h:0",
        "http://h:65535/, 65535, h:65535",
        "http://h:8080?q, 8080, h:8080",
        "http://h:8080#f, 8080, h:8080",
        "'http://h:8080\\p', 8080, h:8080",
        "http://[::1]:8080, 8080, [::1]:8080",
    })
    void port_isRead_andLeftOutIfItIsTheSchemes(String text, int port, String hostAndPort) {
        assertThat(Url.parse(text).port()).isEqualTo(port);
        assertThat(Url.parse(text).hostAndPort()).isEqualTo(hostAndPort);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "65536",
                "4294967376",
                "99999999999999999999999",
                "-1",
                "+80",
                "8o",
                "80:80",
                "a",
                " 80",
                "\u0661",
                "80]",
                "\uff18"
            })
    void port_thatIsNone_isRefused(String port) {
        assertThatThrownBy(() -> Url.parse("http://h:" + port + "/"))
                .isInstanceOf(UrlException.class)
                .hasMessageStartingWith("expected a port from 0 to 65535 but was \"");
    }

    @ParameterizedTest
    @CsvSource({
        "'', /",
        "/, /",
        "//, //",
        "/a//b, /a//b",
        "/a/./b, /a/b",
        "/a/../b, /b",
        "/a/.., /",
        "/a/., /a/",
        "/../../a, /a",
        "/a/%2E, /a/",
        "/a/%2e%2E/b, /b",
        "/a/.%2e/b, /b",
        "/a/%2e./b, /b",
        "/a/..., /a/...",
        "/a/%2e%2e%2e, /a/%2e%2e%2e",
        "/a/%252e, /a/%252e",
        "/a/..;x, /a/..;x",
        "'\\a\\..\\b', /b",
        "'/a b\"<>^`{}', /a%20b%22%3C%3E%5E%60%7B%7D",
        "/%zz%%4, /%zz%%4",
        "'/|[]:@!$&''()*+,;=~', '/|[]:@!$&''()*+,;=~'",
        "/\u00fc\u007f\u0080, /%C3%BC%7F%C2%80",
    })
    void path_isSplit_resolved_andEncoded(String text, String path) {
        assertThat(Url.parse("http://h" + text).path()).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "'?', ''",
        "'?a?b', a?b",
        "'?a/../b\\c', a/../b\\c",
        "'? \"<>''', %20%22%3C%3E%27",
        "'?^`{|}[]%zz', ^`{|}[]%zz",
        "'?\u00fc', %C3%BC",
    })
    void query_isEncoded(String text, String query) {
        assertThat(Url.parse("http://h" + text).query()).contains(query);
        assertThat(Url.parse("http://h/" + text + "#f").query()).contains(query);
    }

    @ParameterizedTest
    @CsvSource({
        "'#', ''",
        "'#a#b?c', a#b?c",
        "'# \"<>`', %20%22%3C%3E%60",
        "'#''^{|}[]%zz', '''^{|}[]%zz'",
        "'#\u00fc', %C3%BC",
    })
    void fragment_isEncoded(String text, String fragment) {
        assertThat(Url.parse("http://h" + text).fragment()).contains(fragment);
    }

    @Test
    void text_aboveTheLimit_isRefused() {
        String longest = "http://h/" + "a".repeat(Url.MAX_LENGTH - "http://h/".length());

        assertThat(Url.parse(longest).href()).isEqualTo(longest);
        assertThatThrownBy(() -> Url.parse(longest + "a"))
                .isInstanceOf(UrlException.class)
                .hasMessage("expected a URL of at most 65536 characters but was 65537");
    }

    @Test
    void url_thatEncodingMakesTooLong_isRefused() {
        String path = " ".repeat(30_000) + "a";

        assertThatThrownBy(() -> Url.parse("http://h/" + path))
                .isInstanceOf(UrlException.class)
                .hasMessage("expected a URL of at most 65536 characters when it is encoded but was 90010");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user:secret@:80",
                "http://user:secret@h:x/",
                "http://user:secret@a b/",
                "user:secret@host",
                "//user:secret@h",
                "http://user:secret@[::x]/"
            })
    void message_neverShowsAPassword(String text) {
        assertThatThrownBy(() -> Url.parse(text))
                .isInstanceOf(UrlException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }

    @Test
    void message_isOneLineOfBoundedLength() {
        assertThatThrownBy(() -> Url.parse("http://h\u202e<" + "x".repeat(10_000)))
                .isInstanceOf(UrlException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200).contains("\\u202e"));
    }
}
